// SPDX-License-Identifier: Apache-2.0
// Where light that enters flat ground leaves it again: the radial distribution of the walk of
// core/subsurface.h in a half space, tabulated. Lengths in reduced mean free paths, so that one
// table serves every medium of one index of refraction (similarity). Filled by
// render/diffusion_profile.h.
#pragma once

#include "renderih/math/sampling.h"

namespace rih {

struct DiffusionProfile {
    static constexpr int kAlbedos = 33; ///< nodes over the diffuse albedo, 0 .. 1
    static constexpr int kRadii = 48;   ///< bin edges: 0, then a geometric progression
    float radius[kRadii] = {};
    /// Share of the light that leaves within radius[k]; 1 at the last.
    float cdf[kAlbedos][kRadii] = {};

    /// A radius by a uniform number, of a medium of that diffuse albedo.
    RIH_HD float sample(float albedo, float u) const {
        const float x = clamp_unit(albedo) * (kAlbedos - 1);
        const int node = static_cast<int>(min_of(x, kAlbedos - 2.0f));
        const float fraction = x - static_cast<float>(node);
        const auto share = [&](int k) {
            return (1.0f - fraction) * cdf[node][k] + fraction * cdf[node + 1][k];
        };
        int low = 0, high = kRadii - 1; // share(low) <= u < share(high)
        while (high - low > 1) {
            const int middle = (low + high) / 2;
            (share(middle) <= u ? low : high) = middle;
        }
        const float below = share(low), above = share(high);
        const float f = above > below ? clamp_unit((u - below) / (above - below)) : 0.5f;
        return (1.0f - f) * radius[low] + f * radius[high];
    }
};

} // namespace rih
