// SPDX-License-Identifier: Apache-2.0
// All that the boundary of a material reflects at one point: one or two rough lobes and a clear
// coat over them. Reciprocal. What lies below is weighted by one minus all of that, seen along wo
// (docs/rendering.md), so that a white base below reflects everything.
#pragma once

#include "renderih/render/core/clear_coat.h"
#include "renderih/render/core/two_lobe_ggx.h"

namespace rih {

/// A material's part: options and tables, the same at all its points.
struct SpecularMaterial {
    float second_share = 0;
    float second_roughness_factor = 1;
    float coat_roughness = 0.1f;
    const GgxGainTable* gain = nullptr;
    const SpecularAlbedoTable* albedo = nullptr;
    const SpecularAlbedoTable* coat_albedo = nullptr; ///< null: no coat anywhere
    const CoatedAlbedoTable* coated_albedo = nullptr; ///< null: no coat anywhere
};

struct SpecularLayer {
    TwoLobeGgx lobes;
    ClearCoat coat;

    RIH_HD static SpecularLayer
    make(const SpecularMaterial& material, float roughness, float coat_weight) {
        SpecularLayer layer;
        layer.lobes.first = CompensatedGgx::make(roughness, *material.gain, *material.albedo);
        if (material.second_share > 0.0f) {
            layer.lobes.share = material.second_share;
            layer.lobes.second = CompensatedGgx::make(
                roughness * material.second_roughness_factor, *material.gain, *material.albedo);
        }
        if (coat_weight > 0.0f && material.coat_albedo != nullptr) {
            layer.coat.weight = coat_weight;
            layer.coat.lobe = CompensatedGgx::make(
                material.coat_roughness, *material.gain, *material.coat_albedo);
            layer.coat.held_back_table = material.coated_albedo;
        }
        return layer;
    }

    /// BSDF without the cosine; 0 unless both directions are above the surface.
    RIH_HD float eval(Vec3f wo, Vec3f wi) const {
        const float value = lobes.eval(wo, wi);
        if (!(coat.weight > 0.0f)) {
            return value;
        }
        return coat.weight * coat.lobe.eval(wo, wi) +
               coat.transmittance(wo.z) * coat.transmittance(wi.z) * value;
    }

    /// Density over solid angle of sample().
    RIH_HD float pdf(Vec3f wo, Vec3f wi) const {
        const float density = lobes.pdf(wo, wi);
        if (!(coat.weight > 0.0f)) {
            return density;
        }
        const float chance = coat_chance(wo.z);
        return density + chance * (coat.lobe.pdf(wo, wi) - density);
    }

    /// A direction `wi`, which may lie below the surface (then it carries nothing); `pick` in
    /// [0, 1) decides the lobe.
    RIH_HD Vec3f sample(Vec3f wo, Vec2f u, float pick) const {
        if (coat.weight > 0.0f) {
            const float chance = coat_chance(wo.z);
            if (pick < chance) {
                return coat.lobe.sample(wo, u);
            }
            pick = (pick - chance) / (1.0f - chance);
        }
        return lobes.sample(wo, u, pick);
    }

    /// The share of light from `cos_o` that is reflected.
    RIH_HD float albedo(float cos_o) const {
        return coat.weight > 0.0f
                   ? min_of(coat.weight * coat.lobe.albedo(cos_o) + albedo_below(cos_o), 1.0f)
                   : lobes.albedo(cos_o);
    }
    /// The share that is left for what lies below.
    RIH_HD float base_weight(float cos_o) const { return 1.0f - albedo(cos_o); }

  private:
    RIH_HD float albedo_below(float cos_o) const {
        const float value = coat.albedo_below(lobes.first, cos_o);
        return lobes.share > 0.0f ? lobes.mix(value, coat.albedo_below(lobes.second, cos_o))
                                  : value;
    }
    /// By what each reflects.
    RIH_HD float coat_chance(float cos_o) const {
        const float of_coat = coat.weight * coat.lobe.albedo(cos_o);
        const float sum = of_coat + albedo_below(cos_o);
        return sum > 0.0f ? of_coat / sum : 0.5f;
    }
};

} // namespace rih
