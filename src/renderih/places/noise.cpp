// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/noise.h"

#include <algorithm>

namespace rih {

namespace {

float fade(float t) {
    return t * t * t * (t * (t * 6.0f - 15.0f) + 10.0f);
}

float lerp(float a, float b, float t) {
    return a + t * (b - a);
}

/// The dot product with a random direction, by arithmetic alone: what chooses by cases is several
/// times slower where eight are computed at once.
float slope(std::uint32_t hash, float x, float y, float z) {
    const auto part = [hash](int shift) {
        return static_cast<float>(static_cast<int>((hash >> shift) & 1023u) - 511) * (1.0f / 370);
    };
    return part(0) * x + part(10) * y + part(20) * z;
}

float slope(std::uint32_t hash, float x, float y) {
    const std::uint32_t h = hash & 7u;
    const float u = h < 4 ? x : y, v = h < 4 ? y : x;
    return ((h & 1u) != 0 ? -u : u) + ((h & 2u) != 0 ? -0.5f * v : 0.5f * v);
}

/// What is left of an octave whose lattice has unit size under a box of this size.
float kept(float footprint) {
    return std::clamp(1.6f - 1.6f * footprint, 0.0f, 1.0f);
}

template <typename Point>
float octaves_of(Point p, int octaves, std::uint32_t seed, float footprint) {
    float sum = 0, height = 1;
    for (int octave = 0; octave < octaves; ++octave) {
        const float weight = kept(footprint);
        if (weight <= 0) {
            break;
        }
        sum += weight * height * gradient_noise(p, seed + static_cast<std::uint32_t>(octave) * 131);
        height *= 0.5f;
        footprint *= 2.03f;
        // A little off two, so that lattices do not line up.
        if constexpr (std::is_same_v<Point, Vec3f>) {
            p = 2.03f * p;
        } else {
            p = {2.03f * p.x, 2.03f * p.y};
        }
    }
    return sum;
}

} // namespace

float gradient_noise(Vec3f p, std::uint32_t seed) {
    const float fx = std::floor(p.x), fy = std::floor(p.y), fz = std::floor(p.z);
    const int ix = static_cast<int>(fx), iy = static_cast<int>(fy), iz = static_cast<int>(fz);
    const float x = p.x - fx, y = p.y - fy, z = p.z - fz;
    // The eight corners in one vector: x changes fastest.
    float value[8];
    for (int i = 0; i < 8; ++i) {
        const int dx = i & 1, dy = (i >> 1) & 1, dz = i >> 2;
        const std::uint32_t h = hash_lattice(ix + dx, iy + dy, iz + dz, seed);
        value[i] = slope(
            h, x - static_cast<float>(dx), y - static_cast<float>(dy), z - static_cast<float>(dz));
    }
    const float u = fade(x), v = fade(y), w = fade(z);
    return lerp(lerp(lerp(value[0], value[1], u), lerp(value[2], value[3], u), v),
                lerp(lerp(value[4], value[5], u), lerp(value[6], value[7], u), v),
                w);
}

float gradient_noise(Vec2f p, std::uint32_t seed) {
    const float fx = std::floor(p.x), fy = std::floor(p.y);
    const int ix = static_cast<int>(fx), iy = static_cast<int>(fy);
    const float x = p.x - fx, y = p.y - fy;
    const float u = fade(x), v = fade(y);
    const auto corner = [&](int dx, int dy) {
        return slope(hash_lattice(ix + dx, iy + dy, 0, seed), x - dx, y - dy);
    };
    return 1.3f * lerp(lerp(corner(0, 0), corner(1, 0), u), lerp(corner(0, 1), corner(1, 1), u), v);
}

float fractal_noise(Vec3f p, int octaves, std::uint32_t seed, float footprint) {
    return octaves_of(p, octaves, seed, footprint);
}

float fractal_noise(Vec2f p, int octaves, std::uint32_t seed, float footprint) {
    return octaves_of(p, octaves, seed, footprint);
}

float ridged_noise(Vec2f p, int octaves, std::uint32_t seed) {
    float sum = 0, height = 0.5f, previous = 1;
    for (int octave = 0; octave < octaves; ++octave) {
        const float noise = gradient_noise(p, seed + static_cast<std::uint32_t>(octave) * 131);
        float ridge = std::max(0.0f, 1.0f - std::fabs(noise));
        ridge *= ridge;
        sum += height * ridge * previous;
        previous = ridge;
        height *= 0.5f;
        p = {2.07f * p.x, 2.07f * p.y};
    }
    return sum;
}

Cell cellular_noise(Vec2f p, std::uint32_t seed) {
    const int ix = static_cast<int>(std::floor(p.x)), iy = static_cast<int>(std::floor(p.y));
    Cell cell{1e9f, 1e9f, 0};
    for (int y = iy - 1; y <= iy + 1; ++y) {
        for (int x = ix - 1; x <= ix + 1; ++x) {
            const std::uint32_t hash = hash_lattice(x, y, 7, seed);
            const float dx = x + static_cast<float>(hash & 0xffffu) * 0x1p-16f - p.x;
            const float dy = y + static_cast<float>(hash >> 16) * 0x1p-16f - p.y;
            const float distance = dx * dx + dy * dy;
            if (distance < cell.nearest) {
                cell.second = cell.nearest;
                cell.nearest = distance;
                cell.id = hash;
            } else {
                cell.second = std::min(cell.second, distance);
            }
        }
    }
    cell.nearest = std::sqrt(cell.nearest);
    cell.second = std::sqrt(cell.second);
    return cell;
}

} // namespace rih
