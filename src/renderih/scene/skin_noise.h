// SPDX-License-Identifier: Apache-2.0
// Smooth noise in space that is a function of (seed, place) alone.
#pragma once

#include "renderih/math/types.h"

#include <cstdint>

namespace rih {

/// Value noise with quintic interpolation on a unit lattice: mean 0, within -1..1, twice
/// differentiable.
double value_noise(const Vec3& place, std::uint64_t seed);

/// Octaves of value noise, each at half the size and `gain` times the height of the one before,
/// scaled to a standard deviation of about one. `size_m` is the size of the largest spots.
double fractal_noise(const Vec3& place_m, double size_m, int octaves, std::uint64_t seed);

} // namespace rih
