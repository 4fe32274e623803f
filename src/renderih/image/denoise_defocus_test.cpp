// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/denoise_defocus.h"

#include "renderih/base/rng.h"

#include <cmath>
#include <gtest/gtest.h>

namespace rih {
namespace {

struct Scene {
    ImageF clean{80, 40, 3}, noisy{80, 40, 3};
    Image8 hand{80, 40, 1};
    ImageF circle{80, 40, 1};
};

/// A hand right of x = 40, spread over a disc of `diameter`: its outline is the disc's integral.
Scene defocused(double diameter, double sigma) {
    Scene scene;
    Rng rng(2, 1, "d");
    const double radius = 0.5 * diameter;
    for (int y = 0; y < 40; ++y) {
        for (int x = 0; x < 80; ++x) {
            const double t = std::clamp((x + 0.5 - 40) / std::max(radius, 1e-9), -1.0, 1.0);
            const double part = 0.5 + (t * std::sqrt(1 - t * t) + std::asin(t)) / kPi;
            for (int c = 0; c < 3; ++c) {
                scene.clean.at(x, y, c) = static_cast<float>(0.2 + 0.5 * part);
                scene.noisy.at(x, y, c) =
                    scene.clean.at(x, y, c) + static_cast<float>(sigma * rng.normal());
            }
            if (x >= 40) {
                scene.hand.at(x, y) = 1;
                scene.circle.at(x, y) = static_cast<float>(diameter);
            }
        }
    }
    return scene;
}

double error_near_outline(const ImageF& image, const ImageF& clean) {
    double square = 0;
    for (int y = 5; y < 35; ++y) {
        for (int x = 37; x < 43; ++x) {
            square += std::pow(static_cast<double>(image.at(x, y, 1) - clean.at(x, y, 1)), 2);
        }
    }
    return std::sqrt(square / 180);
}

TEST(DenoiseDefocus, LosesNoiseAndKeepsTheSlopeOfAnOutline) {
    const Scene noisy = defocused(6, 0.05);
    const ImageF smooth = denoise_defocus(noisy.noisy, noisy.hand, noisy.circle, {0, 0});
    EXPECT_LT(error_near_outline(smooth, noisy.clean),
              0.55 * error_near_outline(noisy.noisy, noisy.clean));
    const Scene clean = defocused(6, 0);
    EXPECT_LT(error_near_outline(denoise_defocus(clean.clean, clean.hand, clean.circle, {0, 0}),
                                 clean.clean),
              0.02);
}

TEST(DenoiseDefocus, LeavesSharpOutlinesAndAllThatIsFarFromThem) {
    const Scene sharp = defocused(0.5, 0.05);
    EXPECT_EQ(denoise_defocus(sharp.noisy, sharp.hand, sharp.circle, {0, 0}), sharp.noisy);
    const Scene soft = defocused(6, 0.05);
    const ImageF smooth = denoise_defocus(soft.noisy, soft.hand, soft.circle, {0, 0});
    for (const int x : {0, 20, 34, 46, 79}) {
        EXPECT_EQ(smooth.at(x, 20, 1), soft.noisy.at(x, 20, 1)) << x;
    }
}

// A sharp outline that moved along itself must stay sharp across.
TEST(DenoiseDefocus, MotionSmoothsAlongItself) {
    const Scene sharp = defocused(0.2, 0);
    const ImageF smooth = denoise_defocus(sharp.clean, sharp.hand, sharp.circle, {0, 6});
    EXPECT_NEAR(smooth.at(38, 20, 1), 0.2, 0.01);
    EXPECT_NEAR(smooth.at(41, 20, 1), 0.7, 0.01);
}

} // namespace
} // namespace rih
