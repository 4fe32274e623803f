// SPDX-License-Identifier: Apache-2.0
// The GGX microfacet distribution (Walter et al. 2007) with height-correlated Smith shadowing
// (Heitz 2014), sampled by visible normals (Heitz 2018, in the spherical-cap form of Dupuy and
// Benyoub 2023). Local frame, z = normal. `width` is GGX's alpha: the square of
// Material::roughness.
#pragma once

#include "renderih/math/sampling.h"
#include "renderih/render/core/fresnel.h"

namespace rih {

/// Below this the lobe is narrower than float cosines resolve; roughness 0.03.
inline constexpr float kMinGgxWidth = 1e-3f;

RIH_HD inline float ggx_width_of_roughness(float roughness) {
    return max_of(roughness * roughness, kMinGgxWidth);
}

RIH_HD inline float ggx_distribution(Vec3f h, float width) {
    // 1 - z^2 (1 - width^2) from x and y, which keeps its digits near the normal.
    const float t = (h.x * h.x + h.y * h.y) / (width * width) + h.z * h.z;
    return kInvPiF / (width * width * t * t);
}

/// z sqrt(1 + width^2 tan^2): Smith's Lambda is (this / z - 1) / 2, masking is 1 / (1 + Lambda).
/// Written so that nothing overflows at the horizon.
RIH_HD inline float ggx_slant(Vec3f w, float width) {
    return std::sqrt(width * width * (w.x * w.x + w.y * w.y) + w.z * w.z);
}

/// A microfacet normal that `wo` (z > 0) sees, density D(h) max(0, wo.h) / ((1 + Lambda) wo.z).
RIH_HD inline Vec3f sample_ggx_visible_normal(Vec3f wo, float width, Vec2f u) {
    const Vec3f stretched = normalize(Vec3f{wo.x * width, wo.y * width, wo.z});
    const float z = (1.0f - u.y) * (1.0f + stretched.z) - stretched.z;
    const float r = std::sqrt(max_of(1.0f - z * z, 0.0f));
    const Vec3f cap = {r * std::cos(kTwoPiF * u.x), r * std::sin(kTwoPiF * u.x), z};
    const Vec3f h = cap + stretched;
    return normalize(Vec3f{h.x * width, h.y * width, max_of(h.z, 1e-12f)});
}

/// Reflection of a rough dielectric boundary by one microfacet; `eta` = inside index / outside
/// index.
struct DielectricGgx {
    float width = 0.25f;
    float eta = 1.4f;

    /// BSDF without the cosine; 0 unless both directions are above the surface.
    RIH_HD float eval(Vec3f wo, Vec3f wi) const {
        const Vec3f sum = wo + wi;
        const float length_squared = dot(sum, sum);
        if (wo.z <= 0.0f || wi.z <= 0.0f || length_squared < kOpposite) {
            return 0.0f;
        }
        const Vec3f h = sum / std::sqrt(length_squared);
        // Shadowing over 4 cos cos.
        const float visibility = 0.5f / (wi.z * ggx_slant(wo, width) + wo.z * ggx_slant(wi, width));
        return ggx_distribution(h, width) * visibility * fresnel_dielectric(dot(wo, h), eta);
    }

    /// Density over solid angle of sample().
    RIH_HD float pdf(Vec3f wo, Vec3f wi) const {
        const Vec3f sum = wo + wi;
        const float length_squared = dot(sum, sum);
        if (wo.z <= 0.0f || wi.z <= 0.0f || length_squared < kOpposite) {
            return 0.0f;
        }
        const Vec3f h = sum / std::sqrt(length_squared);
        return 0.5f * ggx_distribution(h, width) / (wo.z + ggx_slant(wo, width));
    }

    /// A direction `wi`, which may lie below the surface (then it carries nothing).
    RIH_HD Vec3f sample(Vec3f wo, Vec2f u) const {
        const Vec3f h = sample_ggx_visible_normal(wo, width, u);
        return 2.0f * dot(wo, h) * h - wo;
    }

    /// eval x cosine / pdf for a sampled `wi` above the surface.
    RIH_HD float weight(Vec3f wo, Vec3f wi) const {
        const float slant = ggx_slant(wo, width);
        return fresnel_dielectric(dot(wo, normalize(wo + wi)), eta) * wi.z * (wo.z + slant) /
               (wi.z * slant + wo.z * ggx_slant(wi, width));
    }

  private:
    /// |wo + wi|^2 of two directions at opposite horizons, whose half vector is rounding.
    static constexpr float kOpposite = 1e-12f;
};

} // namespace rih
