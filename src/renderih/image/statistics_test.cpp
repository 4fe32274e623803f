// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/statistics.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/math/types.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <vector>

namespace rih {
namespace {

Image8 grey_picture(int side, const std::function<double(int, int)>& level) {
    Image8 image(side, side, 3);
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            const double value = std::clamp(level(x, y) + 0.5, 0.0, 255.0);
            for (int c = 0; c < 3; ++c) {
                image.at(x, y, c) = static_cast<std::uint8_t>(value);
            }
        }
    }
    return image;
}

TEST(ImageStatistics, WhiteNoiseIsFlatAndNormal) {
    Rng rng(1, 1, "noise");
    const ImageStatistics s =
        image_statistics(grey_picture(128, [&](int, int) { return 128 + 6 * rng.normal(); }));
    EXPECT_NEAR(s.spectrum_slope, 0, 0.15);
    EXPECT_NEAR(s.gradient_kurtosis, 3, 0.3);
    EXPECT_NEAR(s.noise_levels, 6, 0.6);
    EXPECT_LT(s.sd_beta, 0.01 * s.sd_l);
}

// Waves of random direction and phase with amplitude 1/f: power 1/f^2 a frequency.
TEST(ImageStatistics, FindsTheSlopeThatAPictureWasMadeWith) {
    Rng rng(2, 1, "waves");
    struct Wave {
        double u, v, phase, amplitude;
    };
    std::vector<Wave> waves;
    for (int i = 0; i < 3000; ++i) {
        const double u = rng.uniform(-0.5, 0.5), v = rng.uniform(-0.5, 0.5);
        waves.push_back({u, v, rng.uniform(0, 2 * kPi), 0.02 / std::max(std::hypot(u, v), 0.01)});
    }
    const ImageStatistics s = image_statistics(grey_picture(64, [&](int x, int y) {
        double sum = 128;
        for (const Wave& w : waves) {
            sum += w.amplitude * std::cos(2 * kPi * (w.u * x + w.v * y) + w.phase);
        }
        return sum;
    }));
    EXPECT_NEAR(s.spectrum_slope, 2, 0.35);
}

TEST(ImageStatistics, EdgesAreHeavyTailedAndRampsHaveNoNoise) {
    const ImageStatistics edges =
        image_statistics(grey_picture(64, [](int x, int) { return x < 30 ? 40 : 200; }));
    EXPECT_GT(edges.gradient_kurtosis, 30);
    EXPECT_EQ(edges.noise_levels, 0);
    const ImageStatistics ramp =
        image_statistics(grey_picture(64, [](int x, int y) { return 40 + 2 * x + y; }));
    EXPECT_LT(ramp.noise_levels, 0.01);
}

TEST(ImageStatistics, SmallPicturesAreRefused) {
    EXPECT_THROW(image_statistics(Image8(63, 80, 3)), UserError);
    EXPECT_THROW(image_statistics(Image8(80, 80, 1)), UserError);
}

} // namespace
} // namespace rih
