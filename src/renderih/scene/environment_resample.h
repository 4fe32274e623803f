// SPDX-License-Identifier: Apache-2.0
// Small environment maps seen directly behind the hands show their texels: bilinear interpolation
// of bright and dark neighbours is visibly blocky. A finer map through a smooth kernel looks like a
// background out of focus instead, gives the same light, and is still an ordinary map.
#pragma once

#include "renderih/scene/scene.h"

namespace rih {

/// The map through the uniform cubic B-spline at `factor` times the size in both directions. u
/// wraps; beyond a pole the map goes on along the opposite meridian. The kernel is positive and
/// sums to 1, so no value is negative. `light` holds the smooth map at the old texels' centres. The
/// mean of each channel over the sphere is kept exactly in both, by one scale a channel. Throws
/// UserError for a factor outside 1 .. 16.
Environment smoothly_enlarged(const Environment& environment, int factor);

} // namespace rih
