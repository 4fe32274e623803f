// SPDX-License-Identifier: Apache-2.0
#include "renderih/math/camera.h"

#include "renderih/base/error.h"

#include <Eigen/Geometry>

namespace rih {

Rigid3 look_at(const Vec3& eye_in_world, const Vec3& target_in_world, const Vec3& up_in_world) {
    const Vec3 forward = (target_in_world - eye_in_world).normalized();
    const Vec3 across = forward.cross(up_in_world);
    RIH_ASSERT(across.norm() > 1e-9, "the up direction is parallel to the line of sight");
    const Vec3 right = across.normalized();
    Mat3 cam_from_world;
    cam_from_world << right.transpose(), forward.cross(right).transpose(), forward.transpose();
    return {cam_from_world, -(cam_from_world * eye_in_world)};
}

} // namespace rih
