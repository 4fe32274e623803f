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
        const Row row(*this, albedo);
        const int bin = bin_of([&](int k) { return row.share(k); }, u);
        const float below = row.share(bin), above = row.share(bin + 1);
        const float f = above > below ? clamp_unit((u - below) / (above - below)) : 0.5f;
        return (1.0f - f) * radius[bin] + f * radius[bin + 1];
    }

    /// Density over the radius of sample().
    RIH_HD float pdf(float albedo, float r) const {
        if (!(r < radius[kRadii - 1])) {
            return 0.0f;
        }
        const Row row(*this, albedo);
        const int bin = bin_of([&](int k) { return radius[k]; }, r);
        return (row.share(bin + 1) - row.share(bin)) / (radius[bin + 1] - radius[bin]);
    }

  private:
    /// The shares of one albedo, between two nodes.
    struct Row {
        const float *first, *next;
        float fraction;
        RIH_HD Row(const DiffusionProfile& profile, float albedo) {
            const float x = clamp_unit(albedo) * (kAlbedos - 1);
            const int node = static_cast<int>(min_of(x, kAlbedos - 2.0f));
            first = profile.cdf[node];
            next = profile.cdf[node + 1];
            fraction = x - static_cast<float>(node);
        }
        RIH_HD float share(int k) const {
            return (1.0f - fraction) * first[k] + fraction * next[k];
        }
    };

    /// The bin with edge(bin) <= x < edge(bin + 1), of ascending edges.
    template <typename Edge>
    RIH_HD static int bin_of(const Edge& edge, float x) {
        int low = 0, high = kRadii - 1;
        while (high - low > 1) {
            const int middle = (low + high) / 2;
            (edge(middle) <= x ? low : high) = middle;
        }
        return low;
    }
};

} // namespace rih
