// SPDX-License-Identifier: Apache-2.0
// What the layers of skin say of one texel, added up. Pigments are factors on the person's own, so
// that every shade is one that skin can have.
#pragma once

#include "renderih/math/vec.h"

#include <algorithm>
#include <cmath>

namespace rih {

struct SkinLook {
    float melanin = 1, haemoglobin = 1; ///< factors
    Vec3f tint{1, 1, 1};                ///< factor on the albedo: shadow in furrows, veins
    float height = 0;                   ///< mm, outward
    float fold = 0;                     ///< mm: what the pose deepens or stretches
    float roughness = 0;                ///< added
};

inline float mixed(float a, float b, float t) {
    return a + (b - a) * t;
}
/// 0 below `from`, 1 above `to`, smooth between; falling where `from` is the greater.
inline float smooth_step(float from, float to, float x) {
    const float t = std::clamp((x - from) / (to - from), 0.0f, 1.0f);
    return t * t * (3 - 2 * t);
}
/// exp(-x^2), without the tail beyond 2.5.
inline float bell(float x) {
    return x * x < 6.25f ? std::exp(-x * x) : 0.0f;
}

} // namespace rih
