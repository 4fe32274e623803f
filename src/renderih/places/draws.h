// SPDX-License-Identifier: Apache-2.0
// What the builders of places draw.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/math/vec.h"

#include <array>

namespace rih {

inline float between(Rng& rng, float low, float high) {
    return low + (high - low) * rng.uniform_float();
}

inline bool chance(Rng& rng, float p) {
    return rng.uniform_float() < p;
}

template <typename T, std::size_t N>
T one_of(const std::array<T, N>& list, Rng& rng) {
    return list[rng.uniform_index(N)];
}

/// A colour of the list, a little lighter or darker and of a little other hue.
template <std::size_t N>
Vec3f shade_of(const std::array<Vec3f, N>& colours, Rng& rng) {
    const Vec3f c = colours[rng.uniform_index(N)];
    const float tone = between(rng, 0.85f, 1.15f);
    return tone * Vec3f{c.x * between(rng, 0.93f, 1.07f), c.y, c.z * between(rng, 0.93f, 1.07f)};
}

} // namespace rih
