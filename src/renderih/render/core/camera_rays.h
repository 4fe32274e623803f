// SPDX-License-Identifier: Apache-2.0
// The pinhole camera as float rays in the world.
#pragma once

#include "renderih/math/vec.h"

namespace rih {

struct CameraRays {
    Vec3f origin;    ///< world, m
    Vec3f per_x;     ///< change of the ray per pixel to the right
    Vec3f per_y;     ///< change of the ray per pixel downwards
    Vec3f of_corner; ///< the ray through pixel coordinates (0, 0)

    /// Unit direction through continuous pixel coordinates.
    RIH_HD Vec3f direction(float x, float y) const {
        return normalize(x * per_x + y * per_y + of_corner);
    }
};

} // namespace rih
