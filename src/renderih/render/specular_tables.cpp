// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/specular_tables.h"

#include "renderih/render/core/metal.h"

#include <array>

namespace rih {

SpecularMaterial SpecularTables::view(const Material& material) const {
    return {.second_share = static_cast<float>(material.second_lobe.share),
            .second_roughness_factor = static_cast<float>(material.second_lobe.roughness_factor),
            .coat_roughness = static_cast<float>(material.coat.roughness),
            .gain = gain.get(),
            .albedo = albedo.get(),
            .coat_albedo = coat_albedo.get(),
            .coated_albedo = coated_albedo.get()};
}

SpecularTables make_specular_tables(const Material& material, bool coated) {
    SpecularTables tables;
    tables.gain = shared_by_key<GgxGainTable>(0, [] {
        GgxGainTable table;
        fill_ggx_gain(table);
        return table;
    });
    const auto albedo_of = [&](double ior) {
        return shared_by_key<SpecularAlbedoTable>(ior, [&] {
            SpecularAlbedoTable table;
            fill_specular_albedo(static_cast<float>(ior), *tables.gain, table);
            return table;
        });
    };
    tables.albedo = albedo_of(material.is_metal ? kMirrorIor : material.ior);
    if (coated) {
        tables.coat_albedo = albedo_of(material.coat.ior);
        tables.coated_albedo = shared_by_key<CoatedAlbedoTable>(
            std::array{material.ior, material.coat.ior, material.coat.roughness}, [&] {
                CoatedAlbedoTable table;
                fill_coated_albedo(*tables.gain,
                                   *tables.albedo,
                                   *tables.coat_albedo,
                                   static_cast<float>(material.coat.roughness),
                                   table);
                return table;
            });
    }
    return tables;
}

} // namespace rih
