// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/optics.h"

#include <cmath>
#include <gtest/gtest.h>

namespace rih {
namespace {

TEST(Optics, VignettingIsOneOnTheAxisAndTheRestInTheFarthestCorner) {
    Optics optics;
    optics.vignetting = 0.3;
    optics.axis_px = {48, 30};
    EXPECT_EQ(light_left(optics, 100, 60, 48, 30), 1);
    EXPECT_NEAR(light_left(optics, 100, 60, 100, 60), 0.7, 1e-12);
    EXPECT_GT(light_left(optics, 100, 60, 0, 0), 0.7);
    // The cosine law: 1/sqrt(light) - 1 grows with the square of the distance.
    const auto tan2 = [&](double x) {
        return 1 / std::sqrt(light_left(optics, 100, 60, 48 + x, 30)) - 1;
    };
    EXPECT_NEAR(tan2(20), 4 * tan2(10), 1e-12);
}

TEST(Optics, NothingChangesNothing) {
    ImageF image(9, 7, 3, 0.25f);
    image.at(4, 3, 1) = 2;
    EXPECT_EQ(through_optics(image, {}), image);
}

TEST(Optics, BlurHasItsWidthAndKeepsLight) {
    ImageF image(21, 21, 3);
    image.at(10, 10, 1) = 1;
    Optics optics;
    optics.blur_px = 0.6;
    const ImageF blurred = through_optics(image, optics);
    double sum = 0, square = 0;
    for (int y = 0; y < 21; ++y) {
        for (int x = 0; x < 21; ++x) {
            const double value = static_cast<double>(blurred.at(x, y, 1));
            sum += value;
            square += value * (x - 10) * (x - 10);
        }
    }
    EXPECT_NEAR(sum, 1, 1e-5);
    EXPECT_NEAR(square, 0.36, 0.01);
}

// An edge 50 px right of the axis moves outwards by 50 (scale - 1) in red and not in green.
TEST(Optics, ColoursAreMagnifiedAboutTheAxis) {
    ImageF image(120, 8, 3);
    for (int y = 0; y < 8; ++y) {
        for (int x = 0; x < 120; ++x) {
            for (int c = 0; c < 3; ++c) { // a soft edge at 70
                image.at(x, y, c) = static_cast<float>(1 / (1 + std::exp(-(x + 0.5 - 70) / 3)));
            }
        }
    }
    Optics optics;
    optics.red_scale = 1.02;
    optics.axis_px = {20, 4};
    const ImageF moved = through_optics(image, optics);
    const auto edge = [&](int c) { // where the channel is a half
        for (int x = 1; x < 120; ++x) {
            const double a = static_cast<double>(moved.at(x - 1, 4, c));
            const double b = static_cast<double>(moved.at(x, 4, c));
            if (a < 0.5 && b >= 0.5) {
                return x - 0.5 + (0.5 - a) / (b - a);
            }
        }
        return 0.0;
    };
    EXPECT_NEAR(edge(0), 71, 0.02);
    EXPECT_NEAR(edge(1), 70, 0.02);
    EXPECT_NEAR(edge(2), 70, 0.02);
}

} // namespace
} // namespace rih
