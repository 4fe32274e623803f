// SPDX-License-Identifier: Apache-2.0
// Samples of a pixel by what the centre rays of it and its neighbours see. Whatever the count, the
// estimate is right: centre rays may miss something thin.
#pragma once

#include "renderih/math/vec.h"

#include <cmath>
#include <cstdint>

namespace rih {

/// The label images that decide, row by row.
struct SeenView {
    int width = 0, height = 0;
    const std::uint8_t* hand = nullptr; ///< 0: nothing
    const float* depth_z = nullptr;     ///< m
    const float* normal = nullptr;      ///< [H, W, 3] unit, as light sees it

    RIH_HD int pixel(int x, int y) const { return y * width + x; }
    RIH_HD Vec3f normal_at(int i) const {
        return {normal[3 * i], normal[3 * i + 1], normal[3 * i + 2]};
    }
};

/// Of the pixels within `reach` of (x, y), itself among them, those for which is(here, there).
template <typename Is>
RIH_HD int count_around(const SeenView& view, int x, int y, int reach, const Is& is) {
    int count = 0;
    for (int j = max_of(y - reach, 0); j <= min_of(y + reach, view.height - 1); ++j) {
        for (int i = max_of(x - reach, 0); i <= min_of(x + reach, view.width - 1); ++i) {
            count += is(view.pixel(x, y), view.pixel(i, j)) ? 1 : 0;
        }
    }
    return count;
}

/// Whether several things are seen around, or a step in depth: that varies more than light does.
RIH_HD inline bool is_outline(const SeenView& view, int x, int y) {
    constexpr float kDepthStep = 0.01f; // of the depth itself, from pixel to pixel
    const auto differs = [&](int here, int there) {
        return view.hand[there] != view.hand[here] ||
               std::fabs(view.depth_z[there] - view.depth_z[here]) >
                   kDepthStep * view.depth_z[here];
    };
    return count_around(view, x, y, 1, differs) > 0;
}

/// Whether enough of the pixels around show the same surface at about the same angle.
RIH_HD inline bool is_smooth(const SeenView& view, int x, int y) {
    constexpr int kReach = 3, kEnough = 30; // of 7x7
    constexpr float kCosine = 0.9659f;      // 15 degrees
    const auto is_alike = [&](int here, int there) {
        return view.hand[there] == view.hand[here] &&
               dot(view.normal_at(there), view.normal_at(here)) >= kCosine;
    };
    return count_around(view, x, y, kReach, is_alike) >= kEnough;
}

/// `spp` where one surface is seen;
/// - at outlines more;
/// - where nothing is, less: the environment alone is smooth within a pixel;
/// - on a smooth surface all around, if `spare_smooth` (RenderOptions), half: measured at 4 samples
///   that raises the denoised error of inner pixels by 4 %, half everywhere by 14 %
///   (docs/rendering.md).
RIH_HD inline int sample_count(const SeenView& view, int x, int y, int spp, bool spare_smooth) {
    constexpr int kOutlineSppPerSpp = 3;
    constexpr int kMinBackgroundSpp = 4, kSppPerBackgroundSpp = 8;
    constexpr int kMinSmoothSpp = 2; // so that halves of them tell the noise
    if (is_outline(view, x, y)) {
        return kOutlineSppPerSpp * spp;
    }
    if (view.hand[view.pixel(x, y)] == 0) {
        return min_of(spp, max_of(kMinBackgroundSpp, spp / kSppPerBackgroundSpp));
    }
    return spare_smooth && spp > kMinSmoothSpp && is_smooth(view, x, y)
               ? max_of(spp / 2, kMinSmoothSpp)
               : spp;
}

/// The same where light strays over several pixels: `count` of the above, `surfaces` as of
/// surfaces_in_reach(). Where light may come of several, twice `spp`. The environment has no noise
/// then.
RIH_HD inline int sample_count_in_reach(int count, int spp, unsigned surfaces) {
    constexpr int kBlurredBackgroundSpp = 2;
    const bool one = (surfaces & (surfaces - 1)) == 0;
    return surfaces == 1 ? min_of(count, kBlurredBackgroundSpp)
           : one         ? count
                         : max_of(count, 2 * spp);
}

} // namespace rih
