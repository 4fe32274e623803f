// SPDX-License-Identifier: Apache-2.0
// A camera's light meter: log-average luminance, mostly of the hands, held back for highlights on
// them and pushed where a hand would drown in the dark.
#pragma once

#include "renderih/image/image.h"

namespace rih {

/// Log-average luminance over the pixels whose mask is not 0 (`hand` [H, W]; or over all pixels
/// where none is), weighted as `hand_weight` says. At least 1e-6.
double meter_luminance(const ImageF& radiance, const Image8& hand, double hand_weight);

/// The value that a `part` of the hands' pixels exceed in their brightest channel; 0 without hands.
/// rgb [H, W, 3] linear.
double bright_hand_value(const ImageF& rgb, const Image8& hand, double part);

/// The median luminance of the darker hand (of mask values that are at least 0.1 % of the picture);
/// 0 without hands.
double dark_hand_value(const ImageF& rgb, const Image8& hand);

} // namespace rih
