// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/hand_pose.h"

namespace rih {

HandPose mirror(const HandPose& pose) {
    HandPose mirrored = pose;
    for (Vec3& axis_angle : mirrored.axis_angle) {
        axis_angle = mirror_rotation(axis_angle);
    }
    mirrored.translation.x() = -pose.translation.x();
    return mirrored;
}

} // namespace rih
