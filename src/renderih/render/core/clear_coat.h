// SPDX-License-Identifier: Apache-2.0
// A thin clear dielectric over a surface: the gloss of a nail. `weight` is the share of the area
// that it covers. Its own reflection is added, and light passes it on the way in and on the way
// out:
//   f = weight f_coat(wo, wi) + T(wo) T(wi) f_below(wo, wi),   T(w) = 1 - weight A_coat(w)
// with A_coat the coat's directional albedo. Reciprocal, and never brighter than what falls in.
#pragma once

#include "renderih/render/core/compensated_ggx.h"

namespace rih {

/// B(wo) = int f A_coat(wi) cos dwi of the compensated lobe f of one eta below a coat of one eta
/// and roughness, relative to F(wo) A_coat(wo), its value for a smooth boundary. What the lobe
/// still reflects below the coat is T(wo) (A(wo) - weight B(wo)), whatever the weight.
struct CoatedAlbedoTable {
    MicrosurfaceTable relative;
};

struct ClearCoat {
    float weight = 0; ///< 0: none
    CompensatedGgx lobe;
    const CoatedAlbedoTable* held_back_table = nullptr;

    /// T.
    RIH_HD float transmittance(float cosine) const { return 1.0f - weight * lobe.albedo(cosine); }
    /// What `below` reflects of light from `cos_o` through the coat.
    RIH_HD float albedo_below(const CompensatedGgx& below, float cos_o) const {
        const float coat_albedo = weight * lobe.albedo(cos_o);
        const float held_back = coat_albedo * fresnel_dielectric(cos_o, below.single.eta) *
                                held_back_table->relative.at(below.row, cos_o);
        return (1.0f - coat_albedo) * max_of(below.albedo(cos_o) - held_back, 0.0f);
    }
};

RIH_HD inline void fill_coated_albedo(const GgxGainTable& gain,
                                      const SpecularAlbedoTable& below,
                                      const SpecularAlbedoTable& coat,
                                      float coat_roughness,
                                      CoatedAlbedoTable& table) {
    if (!(below.eta > 1.0f) || !(coat.eta > 1.0f)) {
        return;
    }
    const RoughnessRow coat_row = MicrosurfaceTable::row_of(coat_roughness);
    for (int j = 0; j < MicrosurfaceTable::kRoughnesses; ++j) {
        const auto lobe =
            CompensatedGgx::make(MicrosurfaceTable::roughness_of_node(j), gain, below);
        for (int i = 0; i < MicrosurfaceTable::kCosines; ++i) {
            const float z = MicrosurfaceTable::cosine_of_node(i, lobe.row.width);
            float held_back = 0;
            visit_lobe(lobe, {std::sqrt(1.0f - z * z), 0.0f, z}, [&](Vec3f wi, float weight) {
                held_back += weight * coat.at(coat_row, wi.z);
            });
            table.relative.values[j][i] =
                held_back / (fresnel_dielectric(z, below.eta) * coat.at(coat_row, z));
        }
    }
}

} // namespace rih
