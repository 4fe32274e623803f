// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin_noise.h"

#include "renderih/base/rng.h"

#include <cmath>

namespace rih {
namespace {

/// Uniform in -1..1 at a lattice point.
double lattice_value(std::int64_t x, std::int64_t y, std::int64_t z, std::uint64_t seed) {
    std::uint64_t hash = mix_bits(seed + 0x9E3779B97F4A7C15ull);
    for (const std::int64_t coordinate : {x, y, z}) {
        hash = mix_bits(hash ^ static_cast<std::uint64_t>(coordinate)) + 0x9E3779B97F4A7C15ull;
    }
    return static_cast<double>(hash >> 11) * 0x1p-52 - 1.0;
}

double fade(double t) {
    return t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
}

} // namespace

double value_noise(const Vec3& place, std::uint64_t seed) {
    const Vec3 floor = place.array().floor();
    const Vec3 t = place - floor;
    double sum = 0;
    for (int corner = 0; corner < 8; ++corner) {
        double weight = 1;
        std::int64_t lattice[3];
        for (int axis = 0; axis < 3; ++axis) {
            const bool upper = ((corner >> axis) & 1) != 0;
            weight *= upper ? fade(t[axis]) : 1.0 - fade(t[axis]);
            lattice[axis] = static_cast<std::int64_t>(floor[axis]) + (upper ? 1 : 0);
        }
        sum += weight * lattice_value(lattice[0], lattice[1], lattice[2], seed);
    }
    return sum;
}

double fractal_noise(const Vec3& place_m, double size_m, int octaves, std::uint64_t seed) {
    constexpr double kGain = 0.6;
    constexpr double kDeviation = 0.40; // of value_noise, measured over many cells
    double sum = 0, height = 1, square = 0;
    Vec3 place = place_m / size_m;
    for (int octave = 0; octave < octaves; ++octave) {
        sum += height * value_noise(place, seed + static_cast<std::uint64_t>(octave));
        square += height * height;
        height *= kGain;
        place *= 2.0;
    }
    return sum / (kDeviation * std::sqrt(square));
}

} // namespace rih
