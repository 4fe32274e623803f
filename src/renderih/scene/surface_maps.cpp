// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/surface_maps.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

/// The nearest whole number of one that is not negative; std::lround is a call, for millions of
/// texels.
unsigned nearest(double value) {
    return static_cast<unsigned>(value + 0.5);
}

using Level = SurfaceMaps::Level;
using Mask = std::vector<std::uint8_t>;

constexpr int kChannels = 9;

/// A texel as numbers that may be averaged: albedo is averaged as linear light.
struct Sum {
    double value[kChannels]{};
    int count = 0;

    void add(const SurfaceTexel& texel) {
        for (int c = 0; c < 3; ++c) {
            value[c] += double{1} * texel.albedo[c] * texel.albedo[c];
        }
        value[3] += texel.gloss & 15;
        value[4] += texel.gloss >> 4;
        for (int i = 0; i < 2; ++i) {
            value[5 + i] += texel.slope[i];
            value[7 + i] += texel.fold[i];
        }
        ++count;
    }
    SurfaceTexel mean() const {
        SurfaceTexel texel;
        const double scale = 1.0 / count;
        for (int c = 0; c < 3; ++c) {
            texel.albedo[c] = static_cast<std::uint8_t>(nearest(std::sqrt(value[c] * scale)));
        }
        texel.gloss =
            static_cast<std::uint8_t>(nearest(value[3] * scale) | nearest(value[4] * scale) << 4);
        for (int i = 0; i < 2; ++i) {
            texel.slope[i] = static_cast<std::uint8_t>(nearest(value[5 + i] * scale));
            texel.fold[i] = static_cast<std::uint8_t>(nearest(value[7 + i] * scale));
        }
        return texel;
    }
};

/// Halves a level: the mean of those of each four texels that are covered.
void halve(const Level& fine,
           const Mask& covered,
           std::size_t width,
           Level& coarse,
           Mask& coarse_covered) {
    const std::size_t half = width / 2;
    coarse.assign(fine.size() / 4, {});
    coarse_covered.assign(coarse.size(), 0);
    for (std::size_t to = 0; to < coarse.size(); ++to) {
        Sum sum;
        for (std::size_t k = 0; k < 4; ++k) {
            const std::size_t from = (2 * (to / half) + k / 2) * width + 2 * (to % half) + k % 2;
            if (covered[from] != 0) {
                sum.add(fine[from]);
            }
        }
        if (sum.count > 0) {
            coarse[to] = sum.mean();
            coarse_covered[to] = 1;
        }
    }
}

} // namespace

std::uint8_t encode_albedo(double linear) {
    return static_cast<std::uint8_t>(nearest(255 * std::sqrt(std::clamp(linear, 0.0, 1.0))));
}

std::uint8_t encode_gloss(double roughness, double coat, double dither) {
    const double step = (roughness - double{kFirstRoughness}) / double{kRoughnessStep};
    const auto low = static_cast<unsigned>(std::clamp(std::floor(step + dither), 0.0, 15.0));
    const auto high = nearest(15 * std::clamp(coat, 0.0, 1.0));
    return static_cast<std::uint8_t>(low | high << 4);
}

std::uint8_t encode_slope(double slope) {
    const double steps = std::clamp(slope * double{kSlopeSteps}, -127.0, 127.0);
    return static_cast<std::uint8_t>(nearest(SurfaceTexel::kNoSlope + steps));
}

SurfaceMaps make_surface_maps(int width,
                              int height,
                              double metres_per_uv,
                              Level finest,
                              const std::vector<std::uint8_t>& covered) {
    RIH_ASSERT(width > 0 && width % kMapSideStep == 0 && height > 0 && height % kMapSideStep == 0 &&
                   finest.size() == static_cast<std::size_t>(width) * height &&
                   covered.size() == finest.size(),
               "maps of {} x {} with {} texels, {} of the mask",
               width,
               height,
               finest.size(),
               covered.size());
    SurfaceMaps maps;
    maps.width = width;
    maps.height = height;
    maps.metres_per_uv = metres_per_uv;
    maps.levels.push_back(std::move(finest));
    std::vector<Mask> masks{covered};
    for (int level = 1; level < kMaxMapLevels; ++level) {
        Level coarse;
        Mask mask;
        const auto fine_width = static_cast<std::size_t>(width >> (level - 1));
        halve(maps.levels.back(), masks.back(), fine_width, coarse, mask);
        maps.levels.push_back(std::move(coarse));
        masks.push_back(std::move(mask));
    }
    // From coarse to fine: what lies beside the islands takes the nearest coarser colour.
    for (std::size_t level = kMaxMapLevels - 1; level-- > 0;) {
        const auto fine_width = static_cast<std::size_t>(width >> level);
        Level& fine = maps.levels[level];
        const Level& coarse = maps.levels[level + 1];
        for (std::size_t i = 0; i < fine.size(); ++i) {
            if (masks[level][i] == 0) {
                fine[i] = coarse[i / fine_width / 2 * (fine_width / 2) + i % fine_width / 2];
            }
        }
    }
    return maps;
}

} // namespace rih
