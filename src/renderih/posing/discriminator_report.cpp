// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/discriminator_report.h"

#include "renderih/base/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

constexpr int kBins = 10;
constexpr double kLeastLevel = 0.1; // smaller offsets are natural variation

double logit_of(const Discriminator& discriminator, const FingerAngles& angles) {
    constexpr double kEnd = 1e-12;
    const double p = std::clamp(discriminator.probability(angles), kEnd, 1 - kEnd);
    return std::log(p / (1 - p));
}

double probability_of(double logit, double temperature) {
    return 1 / (1 + std::exp(-logit / temperature));
}

template <typename Draw>
std::vector<double> scores(const Discriminator& discriminator, int count, const Draw& draw) {
    std::vector<double> result;
    for (int i = 0; i < count; ++i) {
        Rng rng(3, static_cast<std::uint64_t>(i), "discriminator/report");
        result.push_back(discriminator.probability(draw(rng)));
    }
    return result;
}

double mean_of(const std::vector<double>& values) {
    double sum = 0;
    for (const double v : values) {
        sum += v;
    }
    return sum / static_cast<double>(values.size());
}

} // namespace

double area_under_roc(const std::vector<double>& positives, const std::vector<double>& negatives) {
    RIH_REQUIRE(!positives.empty() && !negatives.empty(), "AUC needs scores of both kinds");
    std::vector<double> sorted = negatives;
    std::sort(sorted.begin(), sorted.end());
    double above = 0;
    for (const double p : positives) {
        const auto low = std::lower_bound(sorted.begin(), sorted.end(), p);
        const auto high = std::upper_bound(low, sorted.end(), p);
        above += static_cast<double>(low - sorted.begin()) + 0.5 * static_cast<double>(high - low);
    }
    return above / (static_cast<double>(positives.size()) * static_cast<double>(negatives.size()));
}

Calibration calibration_of(const std::vector<ScoredPose>& poses, double temperature) {
    Calibration result;
    result.bins.resize(kBins);
    for (const ScoredPose& pose : poses) {
        const double p = probability_of(pose.logit, temperature);
        ReliabilityBin& bin = result.bins[std::min(kBins - 1, static_cast<int>(p * kBins))];
        ++bin.count;
        bin.predicted += p;
        bin.observed += pose.label;
    }
    for (ReliabilityBin& bin : result.bins) {
        if (bin.count > 0) {
            bin.predicted /= bin.count;
            bin.observed /= bin.count;
            result.error += std::abs(bin.predicted - bin.observed) * bin.count /
                            static_cast<double>(poses.size());
        }
    }
    return result;
}

double fit_temperature(const std::vector<ScoredPose>& poses) {
    // Cross entropy is convex in the inverse temperature: golden section over its logarithm.
    const auto cross_entropy = [&](double log_temperature) {
        double sum = 0;
        for (const ScoredPose& pose : poses) {
            const double z = pose.logit / std::exp(log_temperature);
            // log(1 + e^z) - label z, safe at both ends.
            sum += std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))) - pose.label * z;
        }
        return sum;
    };
    const double ratio = 0.5 * (std::sqrt(5.0) - 1);
    double low = std::log(0.1), high = std::log(10.0);
    for (int i = 0; i < 60; ++i) {
        const double a = high - ratio * (high - low), b = low + ratio * (high - low);
        (cross_entropy(a) < cross_entropy(b) ? high : low) =
            cross_entropy(a) < cross_entropy(b) ? b : a;
    }
    return std::exp(0.5 * (low + high));
}

std::vector<ScoredPose> score_poses(const Discriminator& discriminator,
                                    const NaturalPoses& poses,
                                    int count,
                                    std::uint64_t stream) {
    std::vector<ScoredPose> scored;
    for (int i = 0; i < count; ++i) {
        Rng rng(stream, static_cast<std::uint64_t>(i), "discriminator/calibration");
        const double level = i % 2 == 0 ? 0 : rng.uniform();
        scored.push_back(
            {logit_of(discriminator, level == 0 ? poses.natural(rng) : poses.augmented(level, rng)),
             1 - level});
    }
    return scored;
}

DiscriminatorReport
judge_discriminator(const Discriminator& discriminator, const NaturalPoses& unseen, int count) {
    DiscriminatorReport report;
    const auto natural =
        scores(discriminator, count, [&](Rng& rng) { return unseen.natural(rng); });
    report.mean_natural = mean_of(natural);
    for (const double level : {0.25, 0.5, 0.75, 1.0}) {
        const auto offset =
            scores(discriminator, count, [&](Rng& rng) { return unseen.augmented(level, rng); });
        report.graded.push_back({level, area_under_roc(natural, offset), mean_of(offset)});
    }
    report.auc_any = area_under_roc(natural, scores(discriminator, count, [&](Rng& rng) {
                                        const double level = rng.uniform(kLeastLevel, 1);
                                        return unseen.augmented(level, rng);
                                    }));
    report.calibration = calibration_of(score_poses(discriminator, unseen, 2 * count, 5));
    return report;
}

std::string DiscriminatorReport::text() const {
    std::string text = "offsets   AUC    mean probability\n";
    text += fmt::format("none             {:.2f}\n", mean_natural);
    for (const GradedAuc& row : graded) {
        text += fmt::format(
            "{:4.0f} %   {:.3f}  {:.2f}\n", 100 * row.level, row.auc, row.mean_probability);
    }
    text += fmt::format("any       {:.3f}\n", auc_any);
    text += "predicted  observed  poses\n";
    for (const ReliabilityBin& bin : calibration.bins) {
        if (bin.count > 0) {
            text += fmt::format(
                "{:.2f}       {:.2f}      {}\n", bin.predicted, bin.observed, bin.count);
        }
    }
    return text + fmt::format("expected calibration error {:.3f}\n", calibration.error);
}

std::string DiscriminatorReport::json() const {
    nlohmann::ordered_json json;
    json["auc"] = auc();
    json["auc_any_offset"] = auc_any;
    json["mean_natural"] = mean_natural;
    json["expected_calibration_error"] = calibration.error;
    for (const GradedAuc& row : graded) {
        json["graded"].push_back(
            {{"level", row.level}, {"auc", row.auc}, {"mean_probability", row.mean_probability}});
    }
    for (const ReliabilityBin& bin : calibration.bins) {
        json["reliability"].push_back(
            {{"count", bin.count}, {"predicted", bin.predicted}, {"observed", bin.observed}});
    }
    return json.dump(2);
}

} // namespace rih
