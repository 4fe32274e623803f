// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/metrics/score_summary.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rih::learn {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kMillimetres = 1e3;

/// Classes of the individual typology angle (Chardon et al. 1991), dark to light: where each ends.
struct Tone {
    const char* name;
    double below_deg;
};
constexpr std::array<Tone, 6> kTones{{{"dark", -30},
                                      {"brown", 10},
                                      {"tan", 28},
                                      {"intermediate", 41},
                                      {"light", 55},
                                      {"very light", std::numeric_limits<double>::infinity()}}};

void add_to(GroupScores& group, const PairScores& scores) {
    ++group.pictures;
    const auto add = [&](Measure measure, double metres) {
        group.measures[static_cast<std::size_t>(measure)].add(kMillimetres * metres);
    };
    for (const HandScores& hand : scores.hands) {
        group.missed_hands += hand.missed ? 1 : 0;
        group.hands += std::isnan(hand.pa_mpjpe) ? 0 : 1;
        add(Measure::Mpjpe, hand.mpjpe);
        add(Measure::PaMpjpe, hand.pa_mpjpe);
        add(Measure::Smpjpe, hand.smpjpe);
        add(Measure::Mpvpe, hand.mpvpe);
        add(Measure::PaMpvpe, hand.pa_mpvpe);
        for (const double error : hand.joint_errors) {
            group.pck.add(error);
        }
    }
    add(Measure::Mrrpe, scores.mrrpe);
    add(Measure::Rrve, scores.rrve);
    add(Measure::Cdev, scores.cdev);
}

} // namespace

void RunningMean::add(double value) {
    if (std::isnan(value)) {
        return;
    }
    ++count_;
    const double step = value - mean_;
    mean_ += step / static_cast<double>(count_);
    squares_ += step * (value - mean_);
}

double RunningMean::mean() const {
    return count_ > 0 ? mean_ : kNaN;
}

double RunningMean::deviation() const {
    return count_ > 0 ? std::sqrt(squares_ / static_cast<double>(count_)) : kNaN;
}

void PckCurve::add(double error_m) {
    ++count_;
    const double step = std::ceil(error_m / kPckLimitM * kSteps);
    if (step <= kSteps) {
        ++first_within_[static_cast<std::size_t>(step)];
    }
}

std::array<double, PckCurve::kSteps + 1> PckCurve::curve() const {
    std::array<double, kSteps + 1> shares{};
    std::uint64_t within = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        within += first_within_[i];
        shares[i] = count_ > 0 ? static_cast<double>(within) / static_cast<double>(count_) : kNaN;
    }
    return shares;
}

double PckCurve::auc() const {
    const auto shares = curve();
    const double ends = 0.5 * (shares.front() + shares.back());
    return (std::accumulate(shares.begin(), shares.end(), 0.0) - ends) / kSteps;
}

std::string_view name_of(Measure measure) {
    constexpr std::array<std::string_view, kMeasures> kNames{"mpjpe_mm",
                                                             "pa_mpjpe_mm",
                                                             "smpjpe_mm",
                                                             "mpvpe_mm",
                                                             "pa_mpvpe_mm",
                                                             "mrrpe_mm",
                                                             "rrve_mm",
                                                             "cdev_mm"};
    return kNames[static_cast<std::size_t>(measure)];
}

void SummaryOptions::validate() const {
    double last = 0;
    for (const double edge : mask_iou_edges) {
        RIH_REQUIRE(edge > last && edge < 1,
                    "an edge of mask_iou is {}; edges ascend between 0 and 1",
                    edge);
        last = edge;
    }
}

ScoreSummary::ScoreSummary(const SummaryOptions& options) : options_(options) {
    options_.validate();
    all_.name = "all";
    double low = 0;
    for (std::size_t i = 0; i <= options_.mask_iou_edges.size(); ++i) {
        const double high = i < options_.mask_iou_edges.size() ? options_.mask_iou_edges[i] : 1;
        by_iou_.emplace_back().name = fmt::format("mask_iou {:.2f}-{:.2f}", low, high);
        low = high;
    }
    for (const Tone& tone : kTones) {
        by_tone_.emplace_back().name = fmt::format("tone {}", tone.name);
    }
}

void ScoreSummary::add(const PairScores& scores, double mask_iou, double ita_deg) {
    add_to(all_, scores);
    if (!std::isnan(mask_iou)) {
        const auto bin = std::ranges::upper_bound(options_.mask_iou_edges, mask_iou);
        add_to(by_iou_[static_cast<std::size_t>(bin - options_.mask_iou_edges.begin())], scores);
    }
    if (!std::isnan(ita_deg)) {
        const auto tone = std::ranges::upper_bound(kTones, ita_deg, {}, &Tone::below_deg);
        add_to(by_tone_[static_cast<std::size_t>(tone - kTones.begin())], scores);
    }
}

std::vector<GroupScores> ScoreSummary::groups() const {
    std::vector<GroupScores> groups{all_};
    for (const auto* kind : {&by_iou_, &by_tone_}) {
        std::ranges::copy_if(
            *kind, std::back_inserter(groups), [](const GroupScores& g) { return g.pictures > 0; });
    }
    return groups;
}

} // namespace rih::learn
