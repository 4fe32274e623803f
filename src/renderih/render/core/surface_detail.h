// SPDX-License-Identifier: Apache-2.0
// Maps over a mesh's uv (scene/surface_maps.h) at one point: colour, roughness and slopes, between
// texels and between levels linearly; and the normal that the slopes bend.
#pragma once

#include "renderih/math/vec.h"
#include "renderih/scene/surface_maps.h"

#include <cmath>

namespace rih {

struct SurfaceDetail {
    Vec3f albedo;
    float roughness = 0;
    float coat = 0;
    Vec2f slope, fold;
};

struct SurfaceMapsView {
    const SurfaceTexel* level[kMaxMapLevels]{}; ///< [height >> i, width >> i], row 0 on top
    int level_count = 0;                        ///< 0: no maps
    int width = 0, height = 0;
    float metres_per_uv = 0;

    /// `footprint`: the width that is seen as one, in metres at rest. Between the levels of a
    /// coarser and of a finer texel linearly, as label images are.
    RIH_HD SurfaceDetail at(Vec2f uv, float footprint) const {
        const float depth = depth_of(footprint);
        const int index = static_cast<int>(depth);
        const float next = depth - static_cast<float>(index);
        Sum sum;
        add(uv, index, 1.0f - next, sum);
        if (next > 0.0f) {
            add(uv, index + 1, next, sum);
        }
        return sum.mean();
    }

    /// Of the nearest level alone: half the work, and no step that is seen in a pixel's mean.
    /// Without colours: slopes only.
    template <bool kColours = true>
    RIH_HD SurfaceDetail at_nearest_level(Vec2f uv, float footprint) const {
        constexpr float kHalfALevel = 1.41421356f;
        int index = 0;
        float texel = kHalfALevel * metres_per_uv / static_cast<float>(height);
        for (; footprint >= texel && index < level_count - 1; texel *= 2.0f) {
            ++index;
        }
        Sum sum;
        add<kColours>(uv, index, 1.0f, sum);
        return sum.mean();
    }

  private:
    /// Weighted bytes of texels.
    struct Sum {
        float albedo[3]{}, slopes[4]{}; ///< of squares; of slope and fold
        float roughness = 0, coat = 0;

        RIH_HD SurfaceDetail mean() const {
            constexpr float kUnit = 1.0f / 255.0f, kSlope = 1.0f / kSlopeSteps;
            constexpr float kNone = SurfaceTexel::kNoSlope;
            SurfaceDetail detail;
            detail.albedo = (kUnit * kUnit) * Vec3f{albedo[0], albedo[1], albedo[2]};
            detail.roughness = kFirstRoughness + kRoughnessStep * roughness;
            detail.coat = (1.0f / 15.0f) * coat;
            detail.slope = {kSlope * (slopes[0] - kNone), kSlope * (slopes[1] - kNone)};
            detail.fold = {kSlope * (slopes[2] - kNone), kSlope * (slopes[3] - kNone)};
            return detail;
        }
    };

    RIH_HD float depth_of(float footprint) const {
        const float texel = metres_per_uv / static_cast<float>(height);
        const float fine = footprint > texel ? std::log2(footprint / texel) : 0.0f;
        return min_of(fine, static_cast<float>(level_count - 1));
    }

    template <bool kColours = true>
    RIH_HD void add(Vec2f uv, int index, float weight, Sum& sum) const {
        const int columns = width >> index, rows = height >> index;
        const float x = uv.x * static_cast<float>(rows) - 0.5f;
        const float y = (1.0f - uv.y) * static_cast<float>(rows) - 0.5f;
        const float x0 = std::floor(x), y0 = std::floor(y);
        const float fx = x - x0, fy = y - y0;
        // A uv may lie far outside, beyond what an int holds; there is the border's texel.
        const int left = static_cast<int>(min_of(max_of(x0, -1.0f), static_cast<float>(columns)));
        const int top = static_cast<int>(min_of(max_of(y0, -1.0f), static_cast<float>(rows)));
        for (int k = 0; k < 4; ++k) {
            const float part =
                weight * ((k & 1) != 0 ? fx : 1.0f - fx) * ((k & 2) != 0 ? fy : 1.0f - fy);
            const int column = clamped(left + (k & 1), columns);
            const int row = clamped(top + (k >> 1), rows);
            const SurfaceTexel& texel =
                level[index][static_cast<std::int64_t>(row) * columns + column];
            for (int i = 0; kColours && i < 3; ++i) {
                const float root = texel.albedo[i];
                sum.albedo[i] += part * root * root;
            }
            for (int i = 0; i < 2; ++i) {
                sum.slopes[i] += part * static_cast<float>(texel.slope[i]);
                sum.slopes[2 + i] += part * static_cast<float>(texel.fold[i]);
            }
            if (kColours) {
                sum.roughness += part * static_cast<float>(texel.gloss & 15);
                sum.coat += part * static_cast<float>(texel.gloss >> 4);
            }
        }
    }
    RIH_HD static int clamped(int i, int count) { return i < 0 ? 0 : (i < count ? i : count - 1); }
};

/// The unit normal `smooth` bent by relief: slopes along u and v, rises of `metres_per_uv` over a
/// uv of 1. The relief's gradient is taken on the face as it lies in the world, so a face that is
/// stretched is flatter. It stays on the facet's side.
RIH_HD inline Vec3f bent_normal(Vec3f smooth,
                                Vec2f slope,
                                float metres_per_uv,
                                const Vec3f (&corner)[3],
                                const Vec2f (&uv)[3]) {
    const Vec3f ab = corner[1] - corner[0], ac = corner[2] - corner[0];
    const Vec3f area = cross(ab, ac);
    const float square = dot(area, area);
    const float rise_ab =
        metres_per_uv * (slope.x * (uv[1].x - uv[0].x) + slope.y * (uv[1].y - uv[0].y));
    const float rise_ac =
        metres_per_uv * (slope.x * (uv[2].x - uv[0].x) + slope.y * (uv[2].y - uv[0].y));
    const Vec3f gradient = (rise_ab * cross(ac, area) + rise_ac * cross(area, ab)) / square;
    const Vec3f bent = smooth - gradient;
    constexpr float kMinCosine = 0.1f; // to the facet: at most 84 degrees off it
    const float long_enough = kMinCosine * std::sqrt(square) * length(bent);
    return dot(bent, area) > long_enough ? normalize(bent) : smooth;
}

} // namespace rih
