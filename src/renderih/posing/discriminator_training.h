// SPDX-License-Identifier: Apache-2.0
// Trains the natural discriminator (paper eq. 7): natural poses are labelled 1, poses with random
// offsets of bend and splay fall to 0 with the size of the offsets. Natural poses are the hand
// shapes of the assets, points between two of them, and natural variations (vary_naturally), since
// the paper's 63K captured poses may not be used. Deterministic on one machine baseline.
#pragma once

#include "renderih/posing/discriminator.h"

#include <filesystem>
#include <string>

namespace rih {

struct DiscriminatorTraining {
    int width = 64;              ///< units of each hidden layer
    int steps = 3000;            ///< batches
    int batch = 128;             ///< poses a batch, half of them natural
    double learning_rate = 2e-3; ///< Adam; falls to 0 along a cosine
    double weight_decay = 1e-2;  ///< decoupled, a step
    double blend_share = 0.5;    ///< of natural poses that lie between two shapes
    double held_out = 0.2;       ///< share of the shapes that only the report sees
    double max_bend_deg = 90;    ///< of offsets at level 1, as in augmentation
    double max_splay_deg = 30;   ///< of offsets at level 1
    std::uint64_t seed = 1;

    /// Throws UserError naming the field and its range.
    void validate() const;
};

struct DiscriminatorReport {
    Discriminator discriminator;
    int shapes_trained = 0, shapes_held_out = 0;
    double final_loss = 0;     ///< mean of eq. 7 over the last tenth of the steps
    double auc = 0;            ///< held-out natural against fully augmented poses
    double auc_half = 0;       ///< against poses augmented by half
    double mean_natural = 0;   ///< probability of held-out natural poses
    double mean_augmented = 0; ///< probability of fully augmented poses
};

/// Trains on the shapes of an asset folder; with the defaults under two minutes on one core.
/// Throws UserError.
DiscriminatorReport train_discriminator(const DiscriminatorTraining& options,
                                        const std::filesystem::path& assets);

/// Area under the receiver operating characteristic: the probability that a positive scores above a
/// negative, ties counted half.
double area_under_roc(const std::vector<double>& positives, const std::vector<double>& negatives);

} // namespace rih
