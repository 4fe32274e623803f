// SPDX-License-Identifier: Apache-2.0
// The pinhole camera of docs/conventions.md: x right, y down, z forward; the centre of the top-left
// pixel is (0.5, 0.5).
#pragma once

#include "renderih/math/rigid3.h"

namespace rih {

struct Intrinsics {
    double fx = 0, fy = 0, cx = 0, cy = 0; ///< pixels
};

struct Camera {
    int width = 512, height = 334; ///< pixels
    Intrinsics intrinsics;
    Rigid3 cam_from_world;

    /// Continuous pixel coordinates of a point in the camera's frame; z must be positive.
    Vec2 project(const Vec3& x_in_cam) const {
        return {intrinsics.fx * x_in_cam.x() / x_in_cam.z() + intrinsics.cx,
                intrinsics.fy * x_in_cam.y() / x_in_cam.z() + intrinsics.cy};
    }

    /// The direction, with z = 1, through continuous pixel coordinates, in the camera's frame.
    Vec3 ray_in_cam(const Vec2& pixel) const {
        return {(pixel.x() - intrinsics.cx) / intrinsics.fx,
                (pixel.y() - intrinsics.cy) / intrinsics.fy,
                1.0};
    }
};

/// A camera at `eye` that looks at `target`; image up is as near to `up` as it can be. `up` must
/// not be parallel to the line of sight.
Rigid3 look_at(const Vec3& eye_in_world, const Vec3& target_in_world, const Vec3& up_in_world);

} // namespace rih
