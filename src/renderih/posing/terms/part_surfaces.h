// SPDX-License-Identifier: Apache-2.0
// The 16 closed parts of one posed hand, ready for Omega of eq. 2: how deep a point lies inside a
// part, and how that depth moves with the point and with the part's own vertices.
#pragma once

#include "renderih/geometry/signed_distance.h"
#include "renderih/hand/parts.h"

#include <Eigen/Geometry>

#include <optional>
#include <vector>

namespace rih {

using ClosedParts = std::array<HandPart, kPartsPerHand>;

/// A point inside a part. depth = |q - c| with c the nearest surface point: d depth / dq = slope,
/// and a corner of the nearest face with barycentric weight b moves it by -b slope.
struct PartDepth {
    double depth = 0; // m
    Vec3 slope = Vec3::Zero();
    std::array<int, 3> corners{}; // model vertex ids of the nearest face
    Vec3 barycentric = Vec3::Zero();
};

class PartSurfaces {
  public:
    /// `parts` must outlive this. `vertices` [V, 3] is any pose with finite values.
    PartSurfaces(const ClosedParts& parts, const Points& vertices);

    /// Moves the parts to a new pose; a part's tree follows when it is first asked.
    void pose(const Points& vertices);

    /// Nothing when `query` is outside part `part`.
    std::optional<PartDepth> depth(int part, const Vec3& query);

    const Eigen::AlignedBox3d& box(int part) const { return boxes_[part]; }
    /// Around all parts.
    const Eigen::AlignedBox3d& box() const { return hand_box_; }
    const HandPart& part(int index) const { return (*parts_)[index]; }

  private:
    const ClosedParts* parts_;
    std::array<Points, kPartsPerHand> part_vertices_;
    std::array<Eigen::AlignedBox3d, kPartsPerHand> boxes_;
    Eigen::AlignedBox3d hand_box_;
    std::vector<MeshDistance> distances_; // one a part
    std::array<bool, kPartsPerHand> stale_{};
};

} // namespace rih
