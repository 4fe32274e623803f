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

/// The pose of the other hand that is this one's mirror image in the plane x = 0: axis-angle
/// (x, -y, -z), translation (-x, y, z). Its own inverse.
HandPose mirror(const HandPose& pose);

} // namespace rih
