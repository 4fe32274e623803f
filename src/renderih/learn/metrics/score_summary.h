// SPDX-License-Identifier: Apache-2.0
// Means over many pictures, of all of them and of groups: how much the hands hide each other, how
// dark the skin is. Millimetres.
#pragma once

#include "renderih/learn/metrics/pair_scores.h"

#include <array>
#include <string>
#include <vector>

namespace rih::learn {

/// Mean and spread of numbers that come one by one (Welford); NaN does not count.
class RunningMean {
  public:
    void add(double value);
    std::uint64_t count() const { return count_; }
    double mean() const;      ///< NaN of nothing
    double deviation() const; ///< standard deviation over the count; NaN of nothing

  private:
    std::uint64_t count_ = 0;
    double mean_ = 0, squares_ = 0;
};

/// The share of joints within each of 101 distances, 0 to `kPckLimitM`.
class PckCurve {
  public:
    static constexpr double kPckLimitM = 0.05;
    static constexpr std::size_t kSteps = 100;

    void add(double error_m);
    std::array<double, kSteps + 1> curve() const; ///< NaN of nothing
    double auc() const;                           ///< area under it by trapezoids, 0 .. 1
    std::uint64_t count() const { return count_; }

  private:
    std::array<std::uint64_t, kSteps + 1> first_within_{}; // joints, by the first step that holds
    std::uint64_t count_ = 0;
};

/// Measures by name, in the order of tables.
enum class Measure { Mpjpe, PaMpjpe, Smpjpe, Mpvpe, PaMpvpe, Mrrpe, Rrve, Cdev };
inline constexpr std::size_t kMeasures = 8;
std::string_view name_of(Measure measure); ///< "mpjpe_mm" ...

struct GroupScores {
    std::string name; ///< "all", "mask_iou 0.33-0.67", "tone tan" ...
    std::uint64_t pictures = 0, hands = 0, missed_hands = 0;
    std::array<RunningMean, kMeasures> measures; ///< mm
    PckCurve pck;

    const RunningMean& of(Measure measure) const {
        return measures[static_cast<std::size_t>(measure)];
    }
};

struct SummaryOptions {
    /// Edges between the groups of mask IoU; those of InterHand2.6M's evaluation.
    std::vector<double> mask_iou_edges = {1.0 / 3, 2.0 / 3};
    void validate() const; ///< throws UserError unless they ascend within (0, 1)
};

class ScoreSummary {
  public:
    explicit ScoreSummary(const SummaryOptions& options = {});

    /// `mask_iou` and `ita_deg` may be NaN: the picture then counts under "all" only.
    void add(const PairScores& scores, double mask_iou, double ita_deg);

    /// "all", then the groups that have pictures.
    std::vector<GroupScores> groups() const;

  private:
    SummaryOptions options_;
    GroupScores all_;
    std::vector<GroupScores> by_iou_, by_tone_;
};

} // namespace rih::learn
