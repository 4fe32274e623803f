// SPDX-License-Identifier: Apache-2.0
// Interpolated colours go wrong where light changes from pixel to pixel, most of all beside what is
// burnt out. Colour itself changes slowly, so its outliers are taken away: a median of the colour
// differences, as cameras and raw converters do it (Freeman, US patent 4,724,395, 1988, expired).
#pragma once

#include "renderih/image/image.h"

namespace rih {

/// rgb [H, W, 3]: R - G and B - G become the median of their 3x3 neighbours, G stays. Differences
/// that are linear in x and y stay too, but for the border.
ImageF without_false_colour(const ImageF& rgb);

} // namespace rih
