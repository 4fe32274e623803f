// SPDX-License-Identifier: Apache-2.0
// Warps from the unit square to the densities that light transport needs, each with its density
// and, where it has one, its inverse. For host and device.
#pragma once

#include "renderih/base/hd.h"
#include "renderih/math/vec.h"

#include <cmath>

namespace rih {

inline constexpr float kPiF = 3.14159265358979f;
inline constexpr float kTwoPiF = 6.28318530717959f;
inline constexpr float kInvPiF = 0.318309886183791f;
inline constexpr float kOneMinusEpsilonF = 0x1.fffffep-1f; // the largest float below 1

RIH_HD inline float clamp_unit(float x) {
    return min_of(max_of(x, 0.0f), 1.0f);
}

/// Equal-area map of the square to the unit disk that keeps neighbours together (Shirley and Chiu
/// 1997).
RIH_HD inline Vec2f sample_concentric_disk(Vec2f u) {
    const float x = 2.0f * u.x - 1.0f, y = 2.0f * u.y - 1.0f;
    if (x == 0.0f && y == 0.0f) {
        return {0.0f, 0.0f};
    }
    const bool wide = std::fabs(x) > std::fabs(y);
    const float radius = wide ? x : y;
    const float angle = wide ? 0.25f * kPiF * (y / x) : 0.5f * kPiF - 0.25f * kPiF * (x / y);
    return {radius * std::cos(angle), radius * std::sin(angle)};
}

/// Density cos(theta) / pi over the hemisphere about +z.
RIH_HD inline Vec3f sample_cosine_hemisphere(Vec2f u) {
    const Vec2f disk = sample_concentric_disk(u);
    return {disk.x, disk.y, std::sqrt(max_of(1.0f - disk.x * disk.x - disk.y * disk.y, 0.0f))};
}
RIH_HD inline float cosine_hemisphere_pdf(float cos_theta) {
    return max_of(cos_theta, 0.0f) * kInvPiF;
}

RIH_HD inline Vec3f sample_uniform_sphere(Vec2f u) {
    const float z = 1.0f - 2.0f * u.x;
    const float r = std::sqrt(max_of(1.0f - z * z, 0.0f));
    return {r * std::cos(kTwoPiF * u.y), r * std::sin(kTwoPiF * u.y), z};
}

/// Density on [0, 1] proportional to the line from `a` at 0 to `b` at 1; both >= 0, not both 0.
RIH_HD inline float sample_linear(float u, float a, float b) {
    const float root = std::sqrt(a * a * (1.0f - u) + b * b * u);
    return min_of(u * (a + b) / (a + root), kOneMinusEpsilonF);
}
RIH_HD inline float invert_linear(float x, float a, float b) {
    return x * (a * (2.0f - x) + b * x) / (a + b);
}

/// The four corner values of a bilinear function on the unit square, value at (x, y).
struct BilinearPatch {
    float v00 = 0, v10 = 0, v01 = 0, v11 = 0;

    RIH_HD float at(Vec2f p) const {
        return (1.0f - p.y) * ((1.0f - p.x) * v00 + p.x * v10) +
               p.y * ((1.0f - p.x) * v01 + p.x * v11);
    }
    RIH_HD float mean() const { return 0.25f * (v00 + v10 + v01 + v11); }
};

/// Density on the unit square proportional to the patch; no corner negative, not all 0.
RIH_HD inline Vec2f sample_bilinear(Vec2f u, const BilinearPatch& patch) {
    const float y = sample_linear(u.y, patch.v00 + patch.v10, patch.v01 + patch.v11);
    const float left = (1.0f - y) * patch.v00 + y * patch.v01;
    const float right = (1.0f - y) * patch.v10 + y * patch.v11;
    return {sample_linear(u.x, left, right), y};
}
RIH_HD inline float bilinear_pdf(Vec2f p, const BilinearPatch& patch) {
    return patch.at(p) / patch.mean();
}
RIH_HD inline Vec2f invert_bilinear(Vec2f p, const BilinearPatch& patch) {
    const float left = (1.0f - p.y) * patch.v00 + p.y * patch.v01;
    const float right = (1.0f - p.y) * patch.v10 + p.y * patch.v11;
    return {invert_linear(p.x, left, right),
            invert_linear(p.y, patch.v00 + patch.v10, patch.v01 + patch.v11)};
}

/// Weight of a sample from the first of two densities (Veach 1997, power heuristic, exponent 2).
RIH_HD inline float power_heuristic(float pdf, float other_pdf) {
    if (!(pdf > 0.0f)) {
        return 0.0f;
    }
    const float ratio = other_pdf / pdf; // a ratio, so that two huge densities do not overflow
    return 1.0f / (1.0f + ratio * ratio);
}

} // namespace rih
