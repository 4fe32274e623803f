// SPDX-License-Identifier: Apache-2.0
// The second half of denoise() for a picture through a lens: beside a hand's outline its light lies
// over what is not the hand, where label images guide nowhere. There is nothing sharp there either:
// light is spread over a disc, so a mean over a part of that disc loses noise and little else.
#pragma once

#include "renderih/image/image.h"
#include "renderih/math/types.h"

namespace rih {

/// radiance [H, W, 3]; hand [H, W], 0 = background; circle_px [H, W] diameter of the disc that each
/// hand pixel's light is spread over; `motion_px` of the picture over the exposure. Pixels within
/// reach of an outline become the mean over a Gaussian of a fifth of the local spread, by
/// direction; all others are copied.
ImageF denoise_defocus(const ImageF& radiance,
                       const Image8& hand,
                       const ImageF& circle_px,
                       const Vec2& motion_px);

} // namespace rih
