// SPDX-License-Identifier: Apache-2.0
// Three colours a pixel from one: bilinear interpolation corrected by the gradient of the colour
// that is there (Malvar, He and Cutler, "High-quality linear interpolation for demosaicing of
// Bayer-patterned color images", ICASSP 2004, figure 2), held to the range of the nearest pixels of
// the colour looked for: the filters overshoot beside strong edges, pixel by pixel.
#pragma once

#include "renderih/image/image.h"

namespace rih {

/// mosaic [H, W, 1] of bayer_channel(), white balanced, at least 3 x 3 -> [H, W, 3]. Exact on any
/// one colour, and two pixels off the border on what is grey and linear in x and y. May be negative
/// where the mosaic is noisy.
ImageF demosaic(const ImageF& mosaic);

} // namespace rih
