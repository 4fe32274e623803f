// SPDX-License-Identifier: Apache-2.0
// The camera as float rays in the world: a pinhole, or a thin lens that turns as it exposes.
#pragma once

#include "renderih/math/vec.h"

namespace rih {

struct CameraRays {
    Vec3f origin;    ///< world, m
    Vec3f per_x;     ///< change of the ray per pixel to the right
    Vec3f per_y;     ///< change of the ray per pixel downwards
    Vec3f of_corner; ///< the ray through pixel coordinates (0, 0)

    // A pinhole at rest has none of these.
    Vec3f lens_x, lens_y; ///< radius of the lens along the picture's axes, world, m
    float focus = 1;      ///< z in the camera of the sharp plane, m
    Vec3f turn;           ///< rotation over the exposure, world, radians; small

    /// Unit direction through continuous pixel coordinates.
    RIH_HD Vec3f direction(float x, float y) const { return normalize(through(x, y)); }

    struct Ray {
        Vec3f origin, direction;
    };
    /// The ray of a pixel that passes the lens at `lens` (in the unit disc) at `time` in -0.5 ..
    /// 0.5 of the exposure. All rays of one pixel and time meet in the sharp plane.
    RIH_HD Ray ray(float x, float y, Vec2f lens, float time) const {
        Vec3f forward = through(x, y);
        forward += time * cross(turn, forward);
        const Vec3f aside = lens.x * lens_x + lens.y * lens_y;
        return {origin + aside, normalize(focus * forward - aside)};
    }

  private:
    /// z = 1 in the camera.
    RIH_HD Vec3f through(float x, float y) const { return x * per_x + y * per_y + of_corner; }
};

} // namespace rih
