// SPDX-License-Identifier: Apache-2.0
// What light meets below the skin: the coefficients of a homogeneous medium per channel, from the
// diffuse albedo and the diffuse mean free path that artists and measurements give.
#pragma once

#include "renderih/math/sampling.h"

namespace rih {

/// Of one index of refraction, over the diffuse albedo A in [0, 1]: square roots, because albedos
/// crowd at 1 and their roots do not. Filled by render/albedo_inversion.h.
struct AlbedoInversion {
    static constexpr int kNodes = 257;
    /// sqrt(3 (1 - alpha')) with alpha' from Jensen's dipole, Rd(alpha') = A: mfp' / dmfp.
    float mfp_per_dmfp[kNodes] = {};
    /// sqrt(1 - alpha') of the medium whose half space has the diffuse albedo A.
    float walk_root[kNodes] = {};

    RIH_HD static float lookup(const float (&nodes)[kNodes], float albedo) {
        const float x = clamp_unit(albedo) * (kNodes - 1);
        const int i = static_cast<int>(min_of(x, kNodes - 2.0f));
        const float f = x - static_cast<float>(i);
        return (1.0f - f) * nodes[i] + f * nodes[i + 1];
    }
};

/// Shorter free paths than this are drawn as this, so that a walk stays clear of the rounding of
/// positions; far below what a pixel resolves. m
inline constexpr float kMinMeanFreePath = 2e-5f;
/// Albedos above are drawn as this: a walk in a white medium would never end.
inline constexpr float kMaxWalkAlbedo = 0.99f;

/// 1 / sigma_t' of a medium whose half space has the diffuse albedo `albedo`; lengths in m.
RIH_HD inline float
reduced_mean_free_path(const AlbedoInversion& inversion, float albedo, float dmfp) {
    return max_of(dmfp * AlbedoInversion::lookup(inversion.mfp_per_dmfp, albedo), kMinMeanFreePath);
}

/// Scatters evenly into all directions. Albedo and diffuse mean free path fix the reduced
/// coefficients, and a medium of any mean cosine g is walked as the isotropic one with the same
/// (similarity: Wyman, Patterson and Wilson 1989): then it returns the albedo asked for at every g.
struct Medium {
    Vec3f sigma_t;           ///< extinction, 1/m
    Vec3f scattering_albedo; ///< sigma_s / sigma_t
};

/// `dmfp` 1/sigma_tr per channel, m. mfp' = dmfp sqrt(3 (1 - alpha')) (docs/rendering.md).
RIH_HD inline Medium medium_of_albedo(const AlbedoInversion& inversion, Vec3f albedo, Vec3f dmfp) {
    Medium medium;
    for (int c = 0; c < 3; ++c) {
        const float a = min_of(albedo[c], kMaxWalkAlbedo);
        const float root = AlbedoInversion::lookup(inversion.walk_root, a);
        medium.sigma_t[c] = 1.0f / reduced_mean_free_path(inversion, a, dmfp[c]);
        medium.scattering_albedo[c] = 1.0f - root * root;
    }
    return medium;
}

} // namespace rih
