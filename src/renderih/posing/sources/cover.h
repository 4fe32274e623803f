// SPDX-License-Identifier: Apache-2.0
// Which raw pairs are distinct (the paper removes similar poses and keeps 3,680; it gives no
// threshold). Two pairs are the same when all three hold: their joint angles differ by little in
// the mean, their wrists are turned alike, and lie alike, both seen from the right wrist. A greedy
// cover goes through pairs in order and keeps those that are not the same as one kept before.
#pragma once

#include "renderih/posing/sources/pose_source.h"

#include <Eigen/Geometry>

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace rih {

/// What distinctness looks at. Independent of identity but for the wrists' distance.
struct PairSignature {
    std::array<float, 40> angles{}; ///< radians: 15 bends and 5 root splays, right then left
    Eigen::Quaternionf right_from_left = Eigen::Quaternionf::Identity(); ///< wrist rotations
    Eigen::Vector3f left_wrist = Eigen::Vector3f::Zero(); ///< m, in the right wrist's frame
};

PairSignature pair_signature(const std::array<FingerAngles, 2>& angles,
                             const std::array<Mat3, 2>& world_from_hand,
                             const std::array<Vec3, 2>& wrist); // m, world
PairSignature pair_signature(const PoseSeed& seed, const std::array<ShapedHand, 2>& hands);

/// Pairs nearer than this in all three are the same. The defaults lie above what natural variation
/// of one shape does (about 3 degrees in the mean) and what can be seen at once.
struct CoverOptions {
    double mean_angle = 4 * kDegree; ///< mean |difference| over the 40 angles
    double rotation = 12 * kDegree;  ///< of the left wrist, seen from the right one
    double translation = 0.015;      ///< m, as well

    /// Throws UserError unless all are positive and finite.
    void validate() const;
};

bool same_pair(const PairSignature& a, const PairSignature& b, const CoverOptions& options);

/// The greedy cover, pair by pair. A grid over the left wrist's place and the angles' mean, whose
/// cells are as large as the thresholds, leaves few kept pairs to compare with.
class PairCover {
  public:
    explicit PairCover(const CoverOptions& options = {});

    /// Keeps the pair and returns true when no kept pair is the same.
    bool add(const PairSignature& pair);
    std::size_t size() const { return kept_.size(); }

  private:
    using Cell = std::array<std::int32_t, 4>;
    static std::uint64_t key_of(const Cell& cell);
    Cell cell_of(const PairSignature& pair) const;

    CoverOptions options_;
    std::vector<PairSignature> kept_;
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> kept_in_cell_;
};

/// Indices of the pairs that a greedy cover in their order keeps.
std::vector<std::size_t> distinct_pairs(std::span<const PairSignature> pairs,
                                        const CoverOptions& options = {});

} // namespace rih
