// SPDX-License-Identifier: Apache-2.0
// The parameters of one hand, as they are stored: axis-angle per joint relative to its parent, in
// the model's own frame; zero is the flat hand.
#pragma once

#include "renderih/hand/joint_order.h"
#include "renderih/math/types.h"

#include <array>

namespace rih {

struct HandPose {
    std::array<Vec3, kJointCountWithForearm> axis_angle; // joint 0 is the wrist (global rotation)
    Vec3 translation = Vec3::Zero();                     // m, world
    VecX shape;                                          // [S]

    HandPose() { axis_angle.fill(Vec3::Zero()); }
};

/// Both hands' parameters; index with index_of(side).
using PairPose = std::array<HandPose, 2>;

/// A rotation vector's mirror image in the plane x = 0: S R S of R = exp(x, y, z) is
/// exp(x, -y, -z).
inline Vec3 mirror_rotation(const Vec3& axis_angle) {
    return {axis_angle.x(), -axis_angle.y(), -axis_angle.z()};
}

/// The pose of the other hand that is this one's mirror image: mirror_rotation, translation (-x, y,
/// z). Its own inverse.
HandPose mirror(const HandPose& pose);

} // namespace rih
