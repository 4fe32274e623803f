// SPDX-License-Identifier: Apache-2.0
// What a real lens does to a picture beside focus: blur of its own, magnification that depends on
// colour, and less light in the corners.
#pragma once

#include "renderih/image/image.h"
#include "renderih/math/types.h"

namespace rih {

struct Optics {
    double blur_px = 0;          ///< standard deviation of the lens's own blur
    double red_scale = 1;        ///< of the red picture over the green one
    double blue_scale = 1;       ///< likewise
    double vignetting = 0;       ///< light lost in the farthest corner, 0 .. 0.9
    Vec2 axis_px = Vec2::Zero(); ///< where the optical axis meets the picture
};

/// Light left at a pixel: the cosine to the fourth of the ray's angle to the axis behind the lens,
/// such that 1 - vignetting is left in the corner farthest from the axis.
double light_left(const Optics& optics, int width, int height, double x_px, double y_px);

/// rgb [H, W, 3] linear, >= 0 -> the same as the lens throws it on the sensor, >= 0.
ImageF through_optics(const ImageF& rgb, const Optics& optics);

} // namespace rih
