// SPDX-License-Identifier: Apache-2.0
// A camera's sharpening: an unsharp mask on the luma of the finished picture, whose halos are held
// to little beyond what is around.
#pragma once

#include "renderih/image/image.h"

namespace rih {

struct Sharpening {
    double amount = 0;    ///< of the detail that is added again; 0: none
    double radius_px = 1; ///< standard deviation of the mask
    double halo = 0.02;   ///< how far a luma may leave the range of its 3x3 neighbours
    double threshold = 0; ///< detail below it is taken for noise and not amplified
};

/// encoded [H, W, 3] with a transfer curve, 0 .. 1; the result is not clamped to it. What is
/// constant or linear in x and y stays.
ImageF sharpened(const ImageF& encoded, const Sharpening& sharpening);

} // namespace rih
