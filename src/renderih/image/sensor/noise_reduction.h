// SPDX-License-Identifier: Apache-2.0
// What cameras do against their noise: colour is smoothed more than light, and neither across an
// edge that stands out of the noise (a bilateral filter, Tomasi and Manduchi 1998, in the colour
// differences that pictures are viewed by).
#pragma once

#include "renderih/image/image.h"

namespace rih {

/// The noise of a pixel of luminance Y has the variance shot * Y + read^2.
struct NoiseLevel {
    double shot = 0, read = 0;
};

struct NoiseReduction {
    double luminance = 0; ///< 0 none .. 1 all that the filter takes away
    double colour = 0;    ///< likewise
};

/// rgb [H, W, 3] linear.
ImageF reduce_noise(const ImageF& rgb, const NoiseLevel& level, const NoiseReduction& strength);

} // namespace rih
