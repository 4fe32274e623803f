// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/data/picture_warp.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rih::learn {
namespace {

Crop crop_of(double scale, double dx, double dy) {
    Crop crop;
    crop.crop_from_picture << scale, 0, dx, 0, scale, dy;
    return crop;
}

/// Red rises to the right, green to the bottom, blue is constant.
Image8 ramps(int width, int height) {
    Image8 picture(width, height, 3);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            picture.at(x, y, 0) = static_cast<std::uint8_t>(4 * x);
            picture.at(x, y, 1) = static_cast<std::uint8_t>(3 * y);
            picture.at(x, y, 2) = 51;
        }
    }
    return picture;
}

float value(const std::vector<float>& pixels, int size, int c, int x, int y) {
    return pixels[static_cast<std::size_t>((c * size + y) * size + x)];
}

TEST(Warp, OfNothingIsThePicture) {
    const Image8 picture = ramps(40, 40);
    const auto pixels = warped(picture, crop_of(1, 0, 0), 40, {});
    for (int c = 0; c < 3; ++c) {
        for (int y = 0; y < 40; ++y) {
            for (int x = 0; x < 40; ++x) {
                EXPECT_FLOAT_EQ(value(pixels, 40, c, x, y), picture.at(x, y, c) / 255.0F);
            }
        }
    }
}

// Continuous coordinates: the middle of a crop's pixel is looked up at its place on the picture,
// enlarged, shrunk by a whole or by a broken factor. Half a pixel off would show on the ramps.
TEST(Warp, KeepsPlaces) {
    const Image8 picture = ramps(60, 60);
    for (const double scale : {2.0, 1.3, 0.5, 0.4, 0.25}) {
        const int size = static_cast<int>(40 * scale);
        const auto pixels = warped(picture, crop_of(scale, -10 * scale, -10 * scale), size, {});
        for (int i = 1; i + 1 < size; ++i) {
            const double at = (i + 0.5) / scale + 10 - 0.5; // index on the picture
            EXPECT_NEAR(255 * value(pixels, size, 0, i, size / 2), 4 * at, 0.6)
                << scale << " " << i;
            EXPECT_NEAR(255 * value(pixels, size, 1, size / 2, i), 3 * at, 0.6)
                << scale << " " << i;
        }
    }
}

// A fine pattern that shrinks becomes its mean, not a coarse one.
TEST(Warp, DoesNotAlias) {
    Image8 picture(120, 120, 3);
    for (int y = 0; y < 120; ++y) {
        for (int x = 0; x < 120; ++x) {
            picture.at(x, y, 0) = (x + y) % 2 == 0 ? 200 : 0;
        }
    }
    const auto pixels = warped(picture, crop_of(0.25, 0, 0), 30, {});
    for (int y = 0; y < 30; ++y) {
        for (int x = 0; x < 30; ++x) {
            EXPECT_NEAR(255 * value(pixels, 30, 0, x, y), 100, 1);
        }
    }
}

TEST(Warp, IsBlackOutside) {
    Image8 white(20, 20, 3, 255);
    const auto pixels = warped(white, crop_of(1, 30, 0), 60, {});
    EXPECT_EQ(value(pixels, 60, 0, 28, 5), 0);
    EXPECT_EQ(value(pixels, 60, 0, 31, 5), 1);
    EXPECT_EQ(value(pixels, 60, 1, 48, 5), 1);
    EXPECT_EQ(value(pixels, 60, 1, 51, 5), 0);
    EXPECT_EQ(value(pixels, 60, 2, 40, 21), 0);
    // A picture so far away that its coordinates fit no int.
    for (const float x : warped(white, crop_of(1e-12, 1e3, 1e3), 16, {})) {
        EXPECT_EQ(x, 0);
    }
}

TEST(Warp, ChangesColoursAsDrawn) {
    const Image8 grey(16, 16, 3, 102); // 0.4
    const auto pixels =
        warped(grey, crop_of(1, 0, 0), 16, {.gain = {0.5, 1.0, 3.0}, .offset = 0.05});
    EXPECT_NEAR(value(pixels, 16, 0, 8, 8), 0.25, 1e-6);
    EXPECT_NEAR(value(pixels, 16, 1, 8, 8), 0.45, 1e-6);
    EXPECT_EQ(value(pixels, 16, 2, 8, 8), 1); // clipped
}

TEST(Warp, AddsNoiseOfTheAskedStrength) {
    const Image8 grey(64, 64, 3, 127);
    const Augmentation noisy{.noise = 0.05, .noise_seed = 4};
    const auto pixels = warped(grey, crop_of(1, 0, 0), 64, noisy);
    double squares = 0;
    for (const float x : pixels) {
        squares += std::pow(x - 127 / 255.0, 2);
    }
    EXPECT_NEAR(std::sqrt(squares / static_cast<double>(pixels.size())), 0.05, 0.002);
    EXPECT_EQ(pixels, warped(grey, crop_of(1, 0, 0), 64, noisy));
}

} // namespace
} // namespace rih::learn
