// SPDX-License-Identifier: Apache-2.0
// Noise in space for maps of millions of texels: as skin_noise.h, in float and with a short hash.
#pragma once

#include "renderih/math/vec.h"

#include <cmath>
#include <cstdint>

namespace rih {

inline std::uint32_t hash_cell(int x, int y, int z, std::uint32_t seed) {
    std::uint32_t h = seed + static_cast<std::uint32_t>(x) * 0x8da6b343u +
                      static_cast<std::uint32_t>(y) * 0xd8163841u +
                      static_cast<std::uint32_t>(z) * 0xcb1ab31fu;
    h = (h ^ (h >> 16)) * 0x7feb352du;
    h = (h ^ (h >> 15)) * 0x846ca68bu;
    return h ^ (h >> 16);
}

/// 0 .. 1 from a hash; `which` picks one of several independent numbers.
inline float unit_of_hash(std::uint32_t hash, std::uint32_t which) {
    std::uint32_t h = (hash + which * 0x9e3779b9u) * 0x85ebca6bu;
    h = (h ^ (h >> 13)) * 0xc2b2ae35u;
    // The sign is no bit of it: only signed numbers become floats in one instruction.
    return static_cast<float>(static_cast<int>((h ^ (h >> 16)) >> 8)) * 0x1p-24f;
}

/// Value noise on a unit lattice, -1 .. 1, smooth; mean 0, standard deviation about 0.4.
inline float texel_noise(Vec3f place, std::uint32_t seed) {
    const float fx = std::floor(place.x), fy = std::floor(place.y), fz = std::floor(place.z);
    const int x = static_cast<int>(fx), y = static_cast<int>(fy), z = static_cast<int>(fz);
    const auto fade = [](float t) { return t * t * t * (t * (t * 6 - 15) + 10); };
    const float u = fade(place.x - fx), v = fade(place.y - fy), w = fade(place.z - fz);
    // The eight corners in one vector: x changes fastest.
    float value[8];
    for (int i = 0; i < 8; ++i) {
        const std::uint32_t hash = hash_cell(x + (i & 1), y + ((i >> 1) & 1), z + (i >> 2), seed);
        value[i] = static_cast<float>(static_cast<int>(hash >> 8)) * 0x1p-23f - 1;
    }
    const auto mix = [](float a, float b, float t) { return a + (b - a) * t; };
    const float low = mix(mix(value[0], value[1], u), mix(value[2], value[3], u), v);
    const float high = mix(mix(value[4], value[5], u), mix(value[6], value[7], u), v);
    return mix(low, high, w);
}

/// Octaves of it from `size_mm` down, of a standard deviation of about one.
inline float texel_noise(Vec3f place_mm, float size_mm, int octaves, std::uint32_t seed) {
    float sum = 0, height = 1, square = 0;
    Vec3f place = place_mm / size_mm;
    for (int i = 0; i < octaves; ++i) {
        sum += height * texel_noise(place, seed + static_cast<std::uint32_t>(i) * 0x51edu);
        square += height * height;
        height *= 0.6f;
        place *= 2.03f;
    }
    return sum / (0.4f * std::sqrt(square));
}

} // namespace rih
