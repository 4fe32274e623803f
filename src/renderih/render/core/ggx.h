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
    return std::fmax(roughness * roughness, kMinGgxWidth);
}

RIH_HD inline float ggx_distribution(Vec3f h, float width) {
    // 1 - z^2 (1 - width^2) from x and y, which keeps its digits near the normal.
    const float t = (h.x * h.x + h.y * h.y) / (width * width) + h.z * h.z;
    return kInvPiF / (width * width * t * t);
}

/// Smith's Lambda: masking is 1 / (1 + Lambda).
RIH_HD inline float ggx_lambda(Vec3f w, float width) {
    const float tan_squared = (w.x * w.x + w.y * w.y) / (w.z * w.z);
    return 0.5f * (std::sqrt(1.0f + width * width * tan_squared) - 1.0f);
}

/// A microfacet normal that `wo` (z > 0) sees, density D(h) max(0, wo.h) / ((1 + Lambda) wo.z).
RIH_HD inline Vec3f sample_ggx_visible_normal(Vec3f wo, float width, Vec2f u) {
    const Vec3f stretched = normalize(Vec3f{wo.x * width, wo.y * width, wo.z});
    const float z = (1.0f - u.y) * (1.0f + stretched.z) - stretched.z;
    const float r = std::sqrt(std::fmax(0.0f, 1.0f - z * z));
    const Vec3f cap = {r * std::cos(kTwoPiF * u.x), r * std::sin(kTwoPiF * u.x), z};
    const Vec3f h = cap + stretched;
    return normalize(Vec3f{h.x * width, h.y * width, std::fmax(h.z, 1e-12f)});
}

/// Reflection of a rough dielectric boundary; `eta` = inside index / outside index.
struct DielectricGgx {
    float width = 0.25f;
    float eta = 1.4f;

    /// BSDF without the cosine; 0 unless both directions are above the surface.
    RIH_HD float eval(Vec3f wo, Vec3f wi) const {
        if (wo.z <= 0.0f || wi.z <= 0.0f) {
            return 0.0f;
        }
        const Vec3f h = normalize(wo + wi);
        const float shadowing = 1.0f / (1.0f + ggx_lambda(wo, width) + ggx_lambda(wi, width));
        return ggx_distribution(h, width) * shadowing * fresnel_dielectric(dot(wo, h), eta) /
               (4.0f * wo.z * wi.z);
    }

    /// Density over solid angle of sample().
    RIH_HD float pdf(Vec3f wo, Vec3f wi) const {
        if (wo.z <= 0.0f || wi.z <= 0.0f) {
            return 0.0f;
        }
        const Vec3f h = normalize(wo + wi);
        return ggx_distribution(h, width) / ((1.0f + ggx_lambda(wo, width)) * 4.0f * wo.z);
    }

    /// A direction `wi`, which may lie below the surface (then it carries nothing).
    RIH_HD Vec3f sample(Vec3f wo, Vec2f u) const {
        const Vec3f h = sample_ggx_visible_normal(wo, width, u);
        return 2.0f * dot(wo, h) * h - wo;
    }

    /// eval x cosine / pdf for a sampled `wi` above the surface.
    RIH_HD float weight(Vec3f wo, Vec3f wi) const {
        const Vec3f h = normalize(wo + wi);
        const float lambda_o = ggx_lambda(wo, width);
        return fresnel_dielectric(dot(wo, h), eta) * (1.0f + lambda_o) /
               (1.0f + lambda_o + ggx_lambda(wi, width));
    }
};

/// Directional albedo of DielectricGgx at one eta: what share of light that falls in along wo is
/// reflected. Nodes over sqrt(cos) and roughness; filled by fill_specular_albedo.
struct SpecularAlbedoTable {
    static constexpr int kCosines = 24;
    static constexpr int kRoughnesses = 16;
    float values[kRoughnesses][kCosines] = {};

    RIH_HD static float cosine_of_node(int i) {
        const float s = static_cast<float>(i) / (kCosines - 1);
        return std::fmax(s * s, 1e-4f);
    }
    RIH_HD static float roughness_of_node(int i) {
        return static_cast<float>(i) / (kRoughnesses - 1);
    }
    RIH_HD float at(float cos_theta, float roughness) const {
        const float x = std::sqrt(clamp_unit(cos_theta)) * (kCosines - 1);
        const float y = clamp_unit(roughness) * (kRoughnesses - 1);
        const int i = static_cast<int>(std::fmin(x, kCosines - 2.0f));
        const int j = static_cast<int>(std::fmin(y, kRoughnesses - 2.0f));
        const BilinearPatch patch = {
            values[j][i], values[j][i + 1], values[j + 1][i], values[j + 1][i + 1]};
        return patch.at({x - static_cast<float>(i), y - static_cast<float>(j)});
    }
};

/// Integrates the table by a fixed lattice of visible normals: E = mean of weight().
RIH_HD inline void fill_specular_albedo(float eta, SpecularAlbedoTable& table) {
    constexpr int kSamples = 512;
    for (int j = 0; j < SpecularAlbedoTable::kRoughnesses; ++j) {
        const DielectricGgx ggx{ggx_width_of_roughness(SpecularAlbedoTable::roughness_of_node(j)),
                                eta};
        for (int i = 0; i < SpecularAlbedoTable::kCosines; ++i) {
            const float z = SpecularAlbedoTable::cosine_of_node(i);
            const Vec3f wo = {std::sqrt(1.0f - z * z), 0.0f, z};
            float sum = 0.0f;
            for (int k = 0; k < kSamples; ++k) {
                // A Fibonacci lattice: golden-ratio turns by even steps.
                const float turn = static_cast<float>(k) * 0.61803399f;
                const Vec2f u = {turn - std::floor(turn),
                                 (static_cast<float>(k) + 0.5f) / kSamples};
                const Vec3f wi = ggx.sample(wo, u);
                sum += wi.z > 0.0f ? ggx.weight(wo, wi) : 0.0f;
            }
            table.values[j][i] = sum / kSamples;
        }
    }
}

} // namespace rih
