// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/surface_maps.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rih {
namespace {

TEST(SurfaceMaps, EncodeWithinHalfAStep) {
    for (const double value : {0.0, 0.01, 0.04, 0.3, 0.7, 1.0}) {
        const double root = encode_albedo(value) / 255.0;
        EXPECT_NEAR(root, std::sqrt(value), 0.5 / 255 + 1e-9);
    }
    for (const double slope : {-1.0, -0.2, 0.0, 0.011, 0.9}) {
        EXPECT_NEAR((encode_slope(slope) - SurfaceTexel::kNoSlope) / double{kSlopeSteps},
                    slope,
                    0.5 / double{kSlopeSteps} + 1e-9);
    }
    EXPECT_EQ(encode_slope(50), 255);
    EXPECT_EQ(encode_slope(-50), 1);
    const std::uint8_t gloss = encode_gloss(0.45, 1);
    EXPECT_EQ(gloss >> 4, 15);
    EXPECT_NEAR(double{kFirstRoughness} + double{kRoughnessStep} * (gloss & 15), 0.45, 1e-6);
}

TEST(SurfaceMaps, LevelsKeepLightAndNothingBleedsIn) {
    constexpr int kWidth = 64, kHeight = 32;
    SurfaceMaps::Level texels(kWidth * kHeight);
    std::vector<std::uint8_t> covered(texels.size(), 0);
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < 20; ++x) { // an island; the rest stays black
            const auto i = static_cast<std::size_t>(y * kWidth + x);
            covered[i] = 1;
            texels[i].albedo[0] = (x + y) % 2 == 0 ? 200 : 100;
            texels[i].slope[0] = (x + y) % 2 == 0 ? 228 : 28;
        }
    }
    const SurfaceMaps maps = make_surface_maps(kWidth, kHeight, 0.1, texels, covered);
    ASSERT_EQ(maps.levels.size(), std::size_t{kMaxMapLevels});
    const double mean = std::sqrt((200.0 * 200 + 100.0 * 100) / 2);
    for (std::size_t level = 1; level < maps.levels.size(); ++level) {
        ASSERT_EQ(maps.levels[level].size(), texels.size() >> (2 * level));
        // Beside the island too, as far as its coarsest texel reaches.
        const auto width = static_cast<std::size_t>(kWidth) >> level;
        for (std::size_t i = 0; i < maps.levels[level].size(); ++i) {
            if (i % width < width / 2) {
                EXPECT_NEAR(maps.levels[level][i].albedo[0], mean, 1);
                EXPECT_EQ(maps.levels[level][i].slope[0], SurfaceTexel::kNoSlope);
            }
        }
    }
    EXPECT_EQ(maps.levels[0][0].albedo[0], 200);
    EXPECT_NEAR(maps.levels[0][31].albedo[0], mean, 1);
}

} // namespace
} // namespace rih
