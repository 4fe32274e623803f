// SPDX-License-Identifier: Apache-2.0
// The pixels of a crop: a picture seen through an affine map, with its colours changed.
#pragma once

#include "renderih/image/image.h"
#include "renderih/learn/data/crop.h"

#include <vector>

namespace rih::learn {

/// [3, size, size] sRGB 0 .. 1 of a picture of 3 channels. Bilinear; a picture that shrinks is
/// first averaged over whole blocks of pixels, so that nothing aliases. Black outside. Then each
/// channel times its gain, plus the offset, plus noise, clipped to 0 .. 1.
std::vector<float>
warped(const Image8& picture, const Crop& crop, int size, const Augmentation& augmentation);

} // namespace rih::learn
