// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/cover.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

constexpr std::size_t kAnglesPerHand = 20;

float mean_angle(const PairSignature& pair) {
    float sum = 0;
    for (const float angle : pair.angles) {
        sum += angle;
    }
    return sum / static_cast<float>(pair.angles.size());
}

} // namespace

PairSignature pair_signature(const std::array<FingerAngles, 2>& angles,
                             const std::array<Mat3, 2>& world_from_hand,
                             const std::array<Vec3, 2>& wrist) {
    PairSignature pair;
    for (std::size_t s = 0; s < 2; ++s) {
        float* of_hand = &pair.angles[s * kAnglesPerHand];
        for (std::size_t j = 0; j < kFingerJointCount; ++j) {
            of_hand[j] = static_cast<float>(angles[s][j].bend);
            if (j % 3 == 0) {
                of_hand[kFingerJointCount + j / 3] = static_cast<float>(angles[s][j].splay);
            }
        }
    }
    const Mat3 right_from_world = world_from_hand[0].transpose();
    pair.right_from_left =
        Eigen::Quaterniond(Mat3(right_from_world * world_from_hand[1])).cast<float>();
    pair.left_wrist = (right_from_world * (wrist[1] - wrist[0])).cast<float>();
    return pair;
}

PairSignature pair_signature(const PoseSeed& seed, const std::array<ShapedHand, 2>& hands) {
    std::array<Vec3, 2> wrist;
    for (std::size_t s = 0; s < 2; ++s) {
        wrist[s] = hands[s].rest_joints.row(0).transpose() + seed.translation[s];
    }
    return pair_signature(seed.angles, seed.world_from_hand, wrist);
}

void CoverOptions::validate() const {
    for (const double threshold : {mean_angle, rotation, translation}) {
        RIH_REQUIRE(std::isfinite(threshold) && threshold > 0,
                    "distinct poses: a threshold is {}; it must be positive",
                    threshold);
    }
}

bool same_pair(const PairSignature& a, const PairSignature& b, const CoverOptions& options) {
    if ((a.left_wrist - b.left_wrist).norm() >= static_cast<float>(options.translation)) {
        return false;
    }
    const float cosine = std::abs(a.right_from_left.dot(b.right_from_left)); // of half the angle
    if (cosine <= static_cast<float>(std::cos(0.5 * std::min(options.rotation, kPi)))) {
        return false;
    }
    float sum = 0;
    for (std::size_t i = 0; i < a.angles.size(); ++i) {
        sum += std::abs(a.angles[i] - b.angles[i]);
    }
    return sum < static_cast<float>(options.mean_angle) * static_cast<float>(a.angles.size());
}

PairCover::PairCover(const CoverOptions& options) : options_(options) {
    options_.validate();
}

std::uint64_t PairCover::key_of(const Cell& cell) {
    std::uint64_t key = 0;
    for (const std::int32_t c : cell) {
        key = mix_bits(key ^ static_cast<std::uint32_t>(c));
    }
    return key;
}

PairCover::Cell PairCover::cell_of(const PairSignature& pair) const {
    const auto index = [](double value, double size) {
        constexpr double kMost = 1e9; // far from here all share a cell: slower, never wrong
        return static_cast<std::int32_t>(std::floor(std::clamp(value / size, -kMost, kMost)));
    };
    // The means of two pairs differ by no more than the mean of their differences.
    return {index(pair.left_wrist.x(), options_.translation),
            index(pair.left_wrist.y(), options_.translation),
            index(pair.left_wrist.z(), options_.translation),
            index(mean_angle(pair), options_.mean_angle)};
}

bool PairCover::add(const PairSignature& pair) {
    const Cell cell = cell_of(pair);
    constexpr int kNeighbours = 3 * 3 * 3 * 3;
    for (int n = 0; n < kNeighbours; ++n) {
        Cell near = cell;
        for (int axis = 0, rest = n; axis < 4; ++axis, rest /= 3) {
            near[static_cast<std::size_t>(axis)] += rest % 3 - 1;
        }
        const auto found = kept_in_cell_.find(key_of(near));
        if (found == kept_in_cell_.end()) {
            continue;
        }
        for (const std::uint32_t index : found->second) {
            if (same_pair(pair, kept_[index], options_)) {
                return false;
            }
        }
    }
    kept_in_cell_[key_of(cell)].push_back(static_cast<std::uint32_t>(kept_.size()));
    kept_.push_back(pair);
    return true;
}

std::vector<std::size_t> distinct_pairs(std::span<const PairSignature> pairs,
                                        const CoverOptions& options) {
    PairCover cover(options);
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (cover.add(pairs[i])) {
            indices.push_back(i);
        }
    }
    return indices;
}

} // namespace rih
