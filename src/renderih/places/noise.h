// SPDX-License-Identifier: Apache-2.0
// Fast float noise for textures, terrain and clouds: a function of (seed, place) alone.
#pragma once

#include "renderih/math/vec.h"

#include <cstdint>

namespace rih {

/// A well mixed word of a lattice point.
inline std::uint32_t hash_lattice(int x, int y, int z, std::uint32_t seed) {
    std::uint32_t h = seed ^ (static_cast<std::uint32_t>(x) * 0x8da6b343u) ^
                      (static_cast<std::uint32_t>(y) * 0xd8163841u) ^
                      (static_cast<std::uint32_t>(z) * 0xcb1ab31fu);
    h = (h ^ (h >> 16)) * 0x7feb352du;
    h = (h ^ (h >> 15)) * 0x846ca68bu;
    return h ^ (h >> 16);
}

/// Uniform in [0, 1) from a lattice point.
inline float hash_unit(int x, int y, int z, std::uint32_t seed) {
    return static_cast<float>(hash_lattice(x, y, z, seed) >> 8) * 0x1p-24f;
}

/// Gradient noise on a unit lattice (Perlin, "Improving noise", SIGGRAPH 2002), mean 0, mostly
/// within -1 .. 1.
float gradient_noise(Vec3f p, std::uint32_t seed);
float gradient_noise(Vec2f p, std::uint32_t seed);

/// Octaves at half the size and half the height each; those finer than `footprint` (size of what is
/// averaged, in units of p) fade out, so that distant texture turns smooth instead of noisy.
float fractal_noise(Vec3f p, int octaves, std::uint32_t seed, float footprint = 0);
float fractal_noise(Vec2f p, int octaves, std::uint32_t seed, float footprint = 0);

/// Ridges: 0 .. 1, sharp at 1.
float ridged_noise(Vec2f p, int octaves, std::uint32_t seed);

/// The nearest of one random point a cell.
struct Cell {
    float nearest = 0, second = 0; ///< distances
    std::uint32_t id = 0;          ///< of the nearest point
};
Cell cellular_noise(Vec2f p, std::uint32_t seed);

} // namespace rih
