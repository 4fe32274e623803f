// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/natural_poses.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace rih {

namespace {

double offset(double angle, const AngleRange& range, double most, Rng& rng) {
    const double low = std::min(0.0, std::max(-most, range.low - angle));
    const double high = std::max(0.0, std::min(most, range.high - angle));
    return angle + rng.uniform(low, high);
}

} // namespace

std::string family_of(const HandShape& shape) {
    if (!shape.family.empty()) {
        return shape.family;
    }
    if (shape.source != "authored") {
        return shape.source;
    }
    return shape.name.substr(0, shape.name.find('_'));
}

FamilySplit split_families(const std::vector<HandShape>& shapes, double share, std::uint64_t seed) {
    FamilySplit split;
    std::set<std::string> kept, held_out;
    for (const HandShape& shape : shapes) {
        const std::string family = family_of(shape);
        const bool out = Rng(seed, hash_name(family), "family split").uniform() < share;
        (out ? split.held_out : split.kept).push_back(shape);
        (out ? held_out : kept).insert(family);
    }
    split.families_kept = static_cast<int>(kept.size());
    split.families_held_out = static_cast<int>(held_out.size());
    return split;
}

NaturalPoses::NaturalPoses(std::vector<HandShape> shapes, const NaturalDraw& draw)
    : shapes_(std::move(shapes)), draw_(draw) {
    RIH_REQUIRE(!shapes_.empty(), "natural poses: there is no hand shape to draw from");
    const bool weighted = std::ranges::any_of(
        shapes_, [&](const HandShape& shape) { return shape.weight != shapes_[0].weight; });
    double sum = 0;
    for (const HandShape& shape : shapes_) {
        sum += shape.weight;
        if (weighted) {
            cumulative_.push_back(sum);
        }
    }
}

const HandShape& NaturalPoses::any(Rng& rng) const {
    if (cumulative_.empty()) {
        return shapes_[rng.uniform_index(static_cast<std::uint32_t>(shapes_.size()))];
    }
    const auto found = std::ranges::upper_bound(cumulative_, rng.uniform() * cumulative_.back());
    const auto index = static_cast<std::size_t>(found - cumulative_.begin());
    return shapes_[std::min(index, shapes_.size() - 1)];
}

FingerAngles NaturalPoses::natural(Rng& rng) const {
    const HandShape& shape = any(rng);
    FingerAngles angles = shape.angles;
    if (rng.uniform() < draw_.blend_share) {
        // On the way from one posture to another, early more often than half way.
        const HandShape& other = any(rng);
        angles = blend_angles(angles, other.angles, 0.5 * rng.uniform());
    }
    return vary_naturally(angles, shape.freedom, 1.0, rng);
}

FingerAngles NaturalPoses::augmented(double level, Rng& rng) const {
    FingerAngles angles = natural(rng);
    for (int j = 0; j < kFingerJointCount; ++j) {
        const JointLimits& limits = table2_limits()[j];
        angles[j].bend =
            offset(angles[j].bend, limits.bend, level * draw_.max_bend_deg * kDegree, rng);
        angles[j].splay =
            offset(angles[j].splay, limits.splay, level * draw_.max_splay_deg * kDegree, rng);
    }
    return angles;
}

double angle_distance(const FingerAngles& a, const FingerAngles& b) {
    double sum = 0;
    int count = 0;
    for (int j = 0; j < kFingerJointCount; ++j) {
        sum += (a[j].bend - b[j].bend) * (a[j].bend - b[j].bend);
        ++count;
        if (is_finger_root(j + 1)) {
            sum += (a[j].splay - b[j].splay) * (a[j].splay - b[j].splay);
            ++count;
        }
    }
    return std::sqrt(sum / count);
}

} // namespace rih
