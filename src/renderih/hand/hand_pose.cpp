// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/hand_pose.h"

namespace rih {

HandPose mirror(const HandPose& pose) {
    HandPose mirrored = pose;
    for (Vec3& axis_angle : mirrored.axis_angle) { // S R S of R = exp(v): exp(x, -y, -z)
        axis_angle.y() = -axis_angle.y();
        axis_angle.z() = -axis_angle.z();
    }
    mirrored.translation.x() = -pose.translation.x();
    return mirrored;
}

} // namespace rih
