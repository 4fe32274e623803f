// SPDX-License-Identifier: Apache-2.0
// How well a discriminator tells natural poses of families that it never saw from poses with graded
// offsets, and whether its probabilities mean what they say.
#pragma once

#include "renderih/posing/discriminator.h"
#include "renderih/posing/natural_poses.h"

#include <string>
#include <vector>

namespace rih {

/// Area under the receiver operating characteristic: the probability that a positive scores above a
/// negative, ties counted half.
double area_under_roc(const std::vector<double>& positives, const std::vector<double>& negatives);

/// Predicted and observed share of natural poses, over predictions of one tenth of [0, 1].
struct ReliabilityBin {
    int count = 0;
    double predicted = 0, observed = 0; // means; 0 when the bin is empty
};

/// Scores with what they should be: 1 natural, 1 - level for offsets of that level.
struct ScoredPose {
    double logit = 0, label = 0;
};

struct Calibration {
    std::vector<ReliabilityBin> bins;
    double error = 0; ///< expected calibration error: sum over bins of share |predicted - observed|
};
Calibration calibration_of(const std::vector<ScoredPose>& poses, double temperature = 1);

/// The temperature by which logits are to be divided for the least cross entropy, in [0.1, 10].
double fit_temperature(const std::vector<ScoredPose>& poses);

struct GradedAuc {
    double level = 0; ///< share of the largest offsets
    double auc = 0, mean_probability = 0;
};

struct DiscriminatorReport {
    std::vector<GradedAuc> graded;                   ///< levels 0.25, 0.5, 0.75, 1
    double auc_any = 0;                              ///< against offsets of every level, 0.1 .. 1
    double mean_natural = 0;                         ///< probability of natural poses
    Calibration calibration;                         ///< of the discriminator as given
    double auc() const { return graded.back().auc; } ///< against full offsets

    std::string text() const;
    std::string json() const;
};

/// Judged on `count` natural poses of `unseen` and as many of each level. Deterministic.
DiscriminatorReport
judge_discriminator(const Discriminator& discriminator, const NaturalPoses& unseen, int count);

/// `count` poses of `poses`, half of them natural; `stream` names the draw.
std::vector<ScoredPose> score_poses(const Discriminator& discriminator,
                                    const NaturalPoses& poses,
                                    int count,
                                    std::uint64_t stream);

} // namespace rih
