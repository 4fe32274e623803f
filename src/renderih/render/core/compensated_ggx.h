// SPDX-License-Identifier: Apache-2.0
// The GGX lobe with the light that meets more than one microfacet, which the lobe of one meeting
// loses. The lobe is scaled up, as in Turquin, "Practical multiple scattering compensation for
// microfacet models" (2019), there by 1 + F (1 - E(wo)) / E(wo); that is not reciprocal. Here the
// scale is 1 + F_mean (K(wo) K(wi) - 1), with the K that solves K(wo) int f1 K(wi) cos dwi = 1 for
// the lobe f1 of a perfect mirror (Sinkhorn's scaling of a symmetric kernel): reciprocal, and a
// mirror keeps all light. F_mean, the boundary's mean Fresnel reflectance, is what each further
// meeting reflects (Kulla and Conty 2017).
#pragma once

#include "renderih/render/core/microsurface_table.h"

namespace rih {

/// 1 / K: it bends less over the roughness than K does. Of GGX, whatever the boundary.
struct GgxGainTable {
    MicrosurfaceTable inverse;

    /// K(wo) K(wi).
    RIH_HD float at(const RoughnessRow& row, float cos_o, float cos_i) const {
        return 1.0f / (inverse.at(row, cos_o) * inverse.at(row, cos_i));
    }
};

/// Directional albedo of the compensated lobe at one eta, over that of the smooth boundary.
struct SpecularAlbedoTable {
    MicrosurfaceTable relative;
    float eta = 1;
    float mean_fresnel = 0; ///< over a diffuse sky

    RIH_HD float at(const RoughnessRow& row, float cos_theta) const {
        return min_of(relative.at(row, cos_theta) * fresnel_dielectric(cos_theta, eta), 1.0f);
    }
    RIH_HD float at(float cos_theta, float roughness) const {
        return at(MicrosurfaceTable::row_of(roughness), cos_theta);
    }
};

/// The compensated lobe of one roughness.
struct CompensatedGgx {
    DielectricGgx single;
    RoughnessRow row;
    float mean_fresnel = 0;
    const GgxGainTable* gain = nullptr;
    const SpecularAlbedoTable* albedo_table = nullptr;

    RIH_HD static CompensatedGgx
    make(float roughness, const GgxGainTable& gain, const SpecularAlbedoTable& albedo) {
        const RoughnessRow row = MicrosurfaceTable::row_of(roughness);
        return {{row.width, albedo.eta}, row, albedo.mean_fresnel, &gain, &albedo};
    }

    /// BSDF without the cosine; 0 unless both directions are above the surface.
    RIH_HD float eval(Vec3f wo, Vec3f wi) const {
        const float value = single.eval(wo, wi);
        return value > 0.0f ? value * scale(wo, wi) : 0.0f;
    }
    RIH_HD float pdf(Vec3f wo, Vec3f wi) const { return single.pdf(wo, wi); }
    RIH_HD Vec3f sample(Vec3f wo, Vec2f u) const { return single.sample(wo, u); }
    /// eval x cosine / pdf for a sampled `wi` above the surface.
    RIH_HD float weight(Vec3f wo, Vec3f wi) const { return single.weight(wo, wi) * scale(wo, wi); }
    /// The share of light from `cos_o` that is reflected.
    RIH_HD float albedo(float cos_o) const { return albedo_table->at(row, cos_o); }

  private:
    RIH_HD float scale(Vec3f wo, Vec3f wi) const {
        return 1.0f + mean_fresnel * (gain->at(row, wo.z, wi.z) - 1.0f);
    }
};

/// Solves for the gain, roughness by roughness, by the iteration K <- sqrt(K / int f1 K cos).
RIH_HD inline void fill_ggx_gain(GgxGainTable& table) {
    constexpr int n = MicrosurfaceTable::kCosines;
    constexpr float kMirror = 1e6f; // an index so high that F = 1
    for (int j = 0; j < MicrosurfaceTable::kRoughnesses; ++j) {
        const float roughness = MicrosurfaceTable::roughness_of_node(j);
        const DielectricGgx mirror{ggx_width_of_roughness(roughness), kMirror};
        float kernel[n][n] = {}; // what node i sends to node k, which stands for its neighbourhood
        for (int i = 0; i < n; ++i) {
            const float z = MicrosurfaceTable::cosine_of_node(i, mirror.width);
            visit_lobe(mirror, {std::sqrt(1.0f - z * z), 0.0f, z}, [&](Vec3f wi, float weight) {
                const float x = MicrosurfaceTable::coordinate_of(wi.z, mirror.width);
                const int k = static_cast<int>(min_of(x, n - 2.0f));
                kernel[i][k + 1] += weight * (x - static_cast<float>(k));
                kernel[i][k] += weight * (static_cast<float>(k + 1) - x);
            });
        }
        float inverse[n];
        for (float& value : inverse) {
            value = 1.0f;
        }
        // The error shrinks by about a half each time.
        for (int iteration = 0; iteration < 24; ++iteration) {
            float sent[n] = {};
            for (int i = 0; i < n; ++i) {
                for (int k = 0; k < n; ++k) {
                    sent[i] += kernel[i][k] / inverse[k];
                }
            }
            for (int i = 0; i < n; ++i) {
                inverse[i] = std::sqrt(inverse[i] * sent[i]);
            }
        }
        for (int i = 0; i < n; ++i) {
            table.inverse.values[j][i] = inverse[i];
        }
    }
}

/// 2 int F(cos) cos dcos.
RIH_HD inline float mean_fresnel_of(float eta) {
    constexpr int kSteps = 256;
    float sum = 0;
    for (int i = 0; i < kSteps; ++i) {
        const float z = (static_cast<float>(i) + 0.5f) / kSteps;
        sum += 2.0f * z * fresnel_dielectric(z, eta);
    }
    return sum / kSteps;
}

RIH_HD inline void
fill_specular_albedo(float eta, const GgxGainTable& gain, SpecularAlbedoTable& table) {
    table.eta = eta;
    table.mean_fresnel = mean_fresnel_of(eta);
    if (!(eta > 1.0f)) {
        return; // no boundary: nothing is reflected
    }
    for (int j = 0; j < MicrosurfaceTable::kRoughnesses; ++j) {
        const auto lobe =
            CompensatedGgx::make(MicrosurfaceTable::roughness_of_node(j), gain, table);
        for (int i = 0; i < MicrosurfaceTable::kCosines; ++i) {
            const float z = MicrosurfaceTable::cosine_of_node(i, lobe.row.width);
            float albedo = 0;
            visit_lobe(lobe, {std::sqrt(1.0f - z * z), 0.0f, z}, [&](Vec3f, float weight) {
                albedo += weight;
            });
            table.relative.values[j][i] = albedo / fresnel_dielectric(z, eta);
        }
    }
}

} // namespace rih
