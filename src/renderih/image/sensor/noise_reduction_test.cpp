// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/noise_reduction.h"

#include "renderih/base/rng.h"

#include <cmath>
#include <gtest/gtest.h>

namespace rih {
namespace {

constexpr double kSigma = 0.01;

/// An edge of grey at x = 40 with independent noise in each channel.
ImageF noisy_edge() {
    ImageF image(80, 60, 3);
    Rng rng(3, 1, "n");
    for (int y = 0; y < 60; ++y) {
        for (int x = 0; x < 80; ++x) {
            for (int c = 0; c < 3; ++c) {
                image.at(x, y, c) =
                    static_cast<float>((x < 40 ? 0.2 : 0.5) + kSigma * rng.normal());
            }
        }
    }
    return image;
}

/// Standard deviation of the channels' mean (light) and of red less green (colour), left of it.
struct Noise {
    double mean = 0, light = 0, colour = 0;
};
Noise noise(const ImageF& image) {
    double sum = 0, square = 0, colour = 0, count = 0;
    for (int y = 4; y < 56; ++y) {
        for (int x = 4; x < 34; ++x) {
            const double r = static_cast<double>(image.at(x, y, 0)),
                         g = static_cast<double>(image.at(x, y, 1)),
                         b = static_cast<double>(image.at(x, y, 2));
            const double light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
            sum += light;
            square += light * light;
            colour += (r - g) * (r - g);
            ++count;
        }
    }
    const double mean = sum / count;
    return {mean, std::sqrt(square / count - mean * mean), std::sqrt(colour / count)};
}

TEST(NoiseReduction, TakesNoiseFromColourAndLightApart) {
    const ImageF image = noisy_edge();
    const NoiseLevel level{.shot = 0, .read = kSigma};
    const Noise before = noise(image);
    const Noise colour = noise(reduce_noise(image, level, {.luminance = 0, .colour = 1}));
    EXPECT_NEAR(colour.light, before.light, 1e-6);
    EXPECT_LT(colour.colour, 0.4 * before.colour);
    const Noise both = noise(reduce_noise(image, level, {.luminance = 1, .colour = 1}));
    EXPECT_LT(both.light, 0.5 * before.light);
    EXPECT_NEAR(both.mean, before.mean, 1e-4);
    EXPECT_EQ(reduce_noise(image, level, {}), image);
}

TEST(NoiseReduction, LeavesEdgesStanding) {
    const ImageF image = noisy_edge();
    const ImageF smooth =
        reduce_noise(image, {.shot = 0, .read = kSigma}, {.luminance = 1, .colour = 1});
    double left = 0, right = 0;
    for (int y = 0; y < 60; ++y) {
        left += static_cast<double>(smooth.at(39, y, 1)) / 60;
        right += static_cast<double>(smooth.at(40, y, 1)) / 60;
    }
    EXPECT_NEAR(left, 0.2, 0.005);
    EXPECT_NEAR(right, 0.5, 0.005);
}

} // namespace
} // namespace rih
