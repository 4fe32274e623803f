// SPDX-License-Identifier: Apache-2.0
// What a rough surface does at one angle, tabulated. Its steep part lies where the cosine is about
// the width of the lobe, so the nodes are even in cos / (cos + width): 32 of them resolve what
// takes hundreds even in the cosine.
#pragma once

#include "renderih/render/core/ggx.h"

namespace rih {

/// Where a table is read for one roughness: found once for a surface point.
struct RoughnessRow {
    int row = 0;
    float fraction = 0; ///< of the row after it
    float width = 1;
};

struct MicrosurfaceTable {
    static constexpr int kCosines = 32;
    static constexpr int kRoughnesses = 32;
    float values[kRoughnesses][kCosines] = {};

    RIH_HD static float first_roughness() { return std::sqrt(kMinGgxWidth); }
    RIH_HD static float roughness_of_node(int j) {
        const float first = first_roughness();
        return first + (1.0f - first) * static_cast<float>(j) / (kRoughnesses - 1);
    }
    RIH_HD static float cosine_of_node(int i, float width) {
        const float x = static_cast<float>(i) / (kCosines - 1);
        return min_of(max_of(x * width / (1.0f + width - x), 1e-5f), 1.0f);
    }

    RIH_HD static RoughnessRow row_of(float roughness) {
        const float first = first_roughness();
        const float r = min_of(max_of(roughness, first), 1.0f);
        const float y = (r - first) / (1.0f - first) * (kRoughnesses - 1);
        const int j = static_cast<int>(min_of(y, kRoughnesses - 2.0f));
        return {j, y - static_cast<float>(j), r * r};
    }
    /// Even nodes between 0 and kCosines - 1.
    RIH_HD static float coordinate_of(float cos_theta, float width) {
        const float z = clamp_unit(cos_theta);
        return z * (1.0f + width) / (z + width) * (kCosines - 1);
    }
    RIH_HD float at(const RoughnessRow& row, float cos_theta) const {
        const float x = coordinate_of(cos_theta, row.width);
        const int i = static_cast<int>(min_of(x, kCosines - 2.0f));
        const float* lower = values[row.row] + i;
        const float* upper = values[row.row + 1] + i;
        const BilinearPatch patch = {lower[0], lower[1], upper[0], upper[1]};
        return patch.at({x - static_cast<float>(i), row.fraction});
    }
};

/// The mean of weight(wi) of a lobe over its samples seen along `wo`: a Fibonacci lattice, denser
/// towards grazing microfacets, where few samples decide what is lost below the surface.
template <typename Lobe, typename Visit>
RIH_HD void visit_lobe(const Lobe& lobe, Vec3f wo, const Visit& visit) {
    constexpr int kSamples = 377, kGenerator = 233; // neighbours in Fibonacci's sequence
    for (int k = 0; k < kSamples; ++k) {
        const float t = 1.0f - (static_cast<float>(k) + 0.5f) / kSamples;
        const Vec2f u = {(static_cast<float>(k * kGenerator % kSamples) + 0.25f) / kSamples,
                         1.0f - t * t};
        const Vec3f wi = lobe.sample(wo, u);
        if (wi.z > 0.0f) {
            visit(wi, 2.0f * t / kSamples * lobe.weight(wo, wi));
        }
    }
}

} // namespace rih
