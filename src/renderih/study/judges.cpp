// SPDX-License-Identifier: Apache-2.0
#include "renderih/study/judges.h"

#include "renderih/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace rih {

Judges::Judges(const std::filesystem::path& assets, std::uint64_t seed, int threads, int steps)
    : shapes_(load_hand_shapes(assets)) {
    const FamilySplit split = split_families(shapes_, 0.5, seed);
    DiscriminatorTraining training;
    training.steps = steps;
    std::array<std::optional<Discriminator>, 2> trained;
    parallel_for(2, threads, [&](std::size_t i) {
        DiscriminatorTraining own = training;
        own.seed = seed + i;
        trained[i] = fit_discriminator(own, i == 0 ? split.kept : split.held_out);
    });
    for (auto& judge : trained) {
        judges_.push_back(std::move(*judge));
    }
    for (const HandShape& shape : shapes_) {
        const bool kept = std::any_of(split.kept.begin(), split.kept.end(), [&](const auto& s) {
            return s.name == shape.name;
        });
        unseen_by_.push_back(kept ? 1 : 0);
    }
    const NaturalPoses poses(shapes_, {});
    for (int i = 0; i < kNaturalPoses; ++i) {
        Rng rng(seed, static_cast<std::uint64_t>(i), "judges natural");
        natural_.push_back(poses.natural(rng));
    }
}

double Judges::probability(const FingerAngles& angles, const FingerAngles& raw) const {
    std::size_t nearest = 0;
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t s = 0; s < shapes_.size(); ++s) {
        const double distance = angle_distance(shapes_[s].angles, raw);
        if (distance < best) {
            best = distance;
            nearest = s;
        }
    }
    return judges_[unseen_by_[nearest]].probability(angles);
}

double Judges::distance_deg(const FingerAngles& angles) const {
    double best = std::numeric_limits<double>::infinity();
    for (const FingerAngles& natural : natural_) {
        best = std::min(best, angle_distance(natural, angles));
    }
    return best / kDegree;
}

double coupling_violations(const FingerAngles& angles) {
    int off = 0;
    for (int finger = 0; finger < 4; ++finger) {
        const double middle = angles[3 * finger + 1].bend, end = angles[3 * finger + 2].bend;
        off += std::abs(end - middle * 2 / 3) > kCouplingSlackDeg * kDegree ? 1 : 0;
    }
    return off / 4.0;
}

} // namespace rih
