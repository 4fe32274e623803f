// SPDX-License-Identifier: Apache-2.0
#include "renderih/exchange/crop.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

/// Red rises to the right by 10 a pixel, green downwards by 12.
Image8 ramp(int width, int height) {
    Image8 image(width, height, 3);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            image.at(x, y, 0) = static_cast<std::uint8_t>(10 * x);
            image.at(x, y, 1) = static_cast<std::uint8_t>(12 * y);
            image.at(x, y, 2) = 200;
        }
    }
    return image;
}

TEST(Crop, SameSizeCopies) {
    const Image8 picture = ramp(12, 9);
    const Image8 crop = cropped(picture, {3, 2, 5}, 5, false);
    for (int y = 0; y < 5; ++y) {
        for (int x = 0; x < 5; ++x) {
            for (int c = 0; c < 3; ++c) {
                EXPECT_EQ(crop.at(x, y, c), picture.at(x + 3, y + 2, c));
            }
        }
    }
}

// A ramp stays the same ramp in continuous coordinates, larger or smaller: half a step of rounding,
// and an eighth of a pixel for the steps of a ramp of pixels.
TEST(Crop, KeepsPlaces) {
    const Image8 picture = ramp(24, 20);
    for (const int size : {3, 7, 40}) {
        const Square square{4.3, 3.6, 12.5};
        const Image8 crop = cropped(picture, square, size, false);
        for (int y = 0; y < size; ++y) {
            for (int x = 0; x < size; ++x) {
                const double at_x = square.left + (x + 0.5) * square.side / size,
                             at_y = square.top + (y + 0.5) * square.side / size;
                EXPECT_NEAR(crop.at(x, y, 0), 10 * (at_x - 0.5), 1.8) << size;
                EXPECT_NEAR(crop.at(x, y, 1), 12 * (at_y - 0.5), 2.0) << size;
            }
        }
    }
}

TEST(Crop, MirrorsAndIsBlackOutside) {
    const Image8 picture = ramp(10, 10);
    const Image8 plain = cropped(picture, {-4, -4, 12}, 12, false),
                 mirrored = cropped(picture, {-4, -4, 12}, 12, true);
    EXPECT_EQ(plain.at(3, 6, 2), 0);
    EXPECT_EQ(plain.at(4, 6, 2), 200);
    for (int x = 0; x < 12; ++x) {
        EXPECT_EQ(plain.at(x, 7, 0), mirrored.at(11 - x, 7, 0));
    }
}

} // namespace
} // namespace rih
