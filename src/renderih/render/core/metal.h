// SPDX-License-Identifier: Apache-2.0
// The reflection of a rough metal: nothing passes its boundary, and what comes back has a colour.
// The specular layer of such a material is that of a mirror; here is what it is multiplied by. One
// microfacet reflects by Schlick's formula (1994), F0 + (1 - F0) (1 - cos)^5, each further one by
// its mean over a diffuse sky, F0 + (1 - F0) / 21 (Kulla and Conty 2017), as the dielectric lobe of
// core/compensated_ggx.h does:
//   f = f1 F(wo.h) (1 + F_mean (K(wo) K(wi) - 1)),   a mirror's: f1 K(wo) K(wi)
// Reciprocal; never brighter than the mirror, which keeps all light; its densities are the
// mirror's.
#pragma once

#include "renderih/render/core/compensated_ggx.h"

namespace rih {

/// The index of a boundary that reflects everything, for the tables of a metal's lobe.
inline constexpr double kMirrorIor = 1e6;

RIH_HD inline Vec3f metal_fresnel(Vec3f normal_reflectance, float cosine) {
    const float away = 1.0f - min_of(max_of(cosine, 0.0f), 1.0f);
    const float square = away * away;
    const float grazing = square * square * away;
    return (1.0f - grazing) * normal_reflectance + Vec3f{grazing, grazing, grazing};
}

/// Of a metal to a mirror of the same lobe, both directions above the surface.
RIH_HD inline Vec3f
metal_tint(const CompensatedGgx& mirror, Vec3f normal_reflectance, Vec3f wo, Vec3f wi) {
    constexpr float kGrazingMean = 1.0f / 21.0f; // 2 int (1 - z)^5 z dz
    const float gain = max_of(mirror.gain->at(mirror.row, wo.z, wi.z), 1.0f);
    const Vec3f sum = wo + wi;
    const float length_squared = dot(sum, sum);
    const float cosine = length_squared > 0.0f ? dot(wo, sum) / std::sqrt(length_squared) : 0.0f;
    const Vec3f first = metal_fresnel(normal_reflectance, cosine);
    Vec3f tint;
    for (int c = 0; c < 3; ++c) {
        const float mean = normal_reflectance[c] + (1.0f - normal_reflectance[c]) * kGrazingMean;
        tint[c] = first[c] * (1.0f + mean * (gain - 1.0f)) / gain;
    }
    return tint;
}

} // namespace rih
