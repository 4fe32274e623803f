// SPDX-License-Identifier: Apache-2.0
// A square cut out of a picture at another size.
#pragma once

#include "renderih/image/image.h"

namespace rih {

/// In continuous pixel coordinates; may reach beyond the picture, where it is black.
struct Square {
    double left = 0, top = 0, side = 0;
};

/// `size` x `size` pixels: each the mean of the picture over its own square, so that nothing
/// aliases when it shrinks. Bilinear between pixels when it grows. `mirror` swaps left and right.
Image8 cropped(const Image8& picture, const Square& square, int size, bool mirror);

} // namespace rih
