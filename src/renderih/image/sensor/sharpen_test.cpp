// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/sharpen.h"

#include "renderih/base/rng.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

namespace rih {
namespace {

double mean(const ImageF& image) {
    double sum = 0;
    for (const float value : image.values()) {
        sum += static_cast<double>(value);
    }
    return sum / static_cast<double>(image.values().size());
}

TEST(Sharpen, KeepsConstantsAndRampsUpToTheBorder) {
    ImageF ramp(30, 20, 3);
    for (int y = 0; y < 20; ++y) {
        for (int x = 0; x < 30; ++x) {
            for (int c = 0; c < 3; ++c) {
                ramp.at(x, y, c) =
                    0.1f + 0.02f * static_cast<float>(x) + 0.01f * static_cast<float>(y);
            }
        }
    }
    const ImageF sharp = sharpened(ramp, {.amount = 2, .radius_px = 1.1, .halo = 1});
    for (std::size_t i = 0; i < ramp.values().size(); ++i) {
        EXPECT_NEAR(sharp.values()[i], ramp.values()[i], 1e-5);
    }
}

TEST(Sharpen, KeepsTheMeanAndRaisesContrast) {
    ImageF image(120, 90, 3);
    Rng rng(1, 1, "s");
    for (int y = 0; y < 90; ++y) {
        for (int x = 0; x < 120; ++x) {
            const auto value = static_cast<float>(
                0.5 + 0.2 * std::sin(0.9 * x) * std::sin(0.7 * y) + 0.02 * rng.normal());
            for (int c = 0; c < 3; ++c) {
                image.at(x, y, c) = value;
            }
        }
    }
    const ImageF sharp = sharpened(image, {.amount = 1, .radius_px = 1, .halo = 1});
    EXPECT_NEAR(mean(sharp), mean(image), 1e-3);
    const auto contrast = [](const ImageF& i) {
        const double m = mean(i);
        double square = 0;
        for (const float value : i.values()) {
            square += (static_cast<double>(value) - m) * (static_cast<double>(value) - m);
        }
        return square;
    };
    EXPECT_GT(contrast(sharp), 1.2 * contrast(image));
}

TEST(Sharpen, HalosStayWithinTheirLimit) {
    ImageF edge(20, 10, 3, 0.2f);
    for (int y = 0; y < 10; ++y) {
        for (int x = 10; x < 20; ++x) {
            for (int c = 0; c < 3; ++c) {
                edge.at(x, y, c) = 0.7f;
            }
        }
    }
    const ImageF sharp = sharpened(edge, {.amount = 3, .radius_px = 1, .halo = 0.02});
    const auto [low, high] = std::minmax_element(sharp.values().begin(), sharp.values().end());
    EXPECT_NEAR(*low, 0.18, 1e-4);
    EXPECT_NEAR(*high, 0.72, 1e-4);
}

TEST(Sharpen, DetailBelowTheThresholdIsLeft) {
    ImageF image(20, 20, 3, 0.5f);
    for (int c = 0; c < 3; ++c) {
        image.at(10, 10, c) = 0.51f;
    }
    EXPECT_EQ(sharpened(image, {.amount = 2, .radius_px = 1, .halo = 1, .threshold = 0.02}), image);
}

} // namespace
} // namespace rih
