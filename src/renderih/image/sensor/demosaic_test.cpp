// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/demosaic.h"

#include "renderih/base/rng.h"
#include "renderih/image/sensor/false_colour.h"
#include "renderih/image/sensor/raw.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <vector>

namespace rih {
namespace {

using Rgb = std::array<double, 3>;

ImageF mosaic_of(int width, int height, const std::function<Rgb(int, int)>& colour) {
    ImageF mosaic(width, height, 1);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            mosaic.at(x, y) =
                static_cast<float>(colour(x, y)[static_cast<std::size_t>(bayer_channel(x, y))]);
        }
    }
    return mosaic;
}

/// Largest error at least `margin` pixels off the border.
double error(const ImageF& rgb, int margin, const std::function<Rgb(int, int)>& colour) {
    double most = 0;
    for (int y = margin; y < rgb.height() - margin; ++y) {
        for (int x = margin; x < rgb.width() - margin; ++x) {
            for (int c = 0; c < 3; ++c) {
                most = std::max(most,
                                std::abs(static_cast<double>(rgb.at(x, y, c)) -
                                         colour(x, y)[static_cast<std::size_t>(c)]));
            }
        }
    }
    return most;
}

TEST(Demosaic, IsExactOnOneColourUpToTheBorder) {
    const auto colour = [](int, int) { return Rgb{0.8, 0.3, 0.1}; };
    for (const auto [width, height] : {std::array{16, 12}, {17, 11}, {3, 3}}) {
        EXPECT_LT(error(demosaic(mosaic_of(width, height, colour)), 0, colour), 1e-6);
    }
}

TEST(Demosaic, IsExactOnGreyRamps) {
    const auto colour = [](int x, int y) {
        const double value = 0.1 + 0.02 * x + 0.013 * y;
        return Rgb{value, value, value};
    };
    EXPECT_LT(error(demosaic(mosaic_of(20, 18, colour)), 2, colour), 1e-6);
}

// A ramp of one colour: each channel a multiple of the same slope, as on a shaded surface.
TEST(Demosaic, IsExactOnColouredRamps) {
    const auto colour = [](int x, int y) {
        const double value = 0.1 + 0.02 * x + 0.013 * y;
        return Rgb{0.9 * value, 0.6 * value, 0.4 * value};
    };
    EXPECT_LT(error(demosaic(mosaic_of(20, 18, colour)), 2, colour), 1e-6);
}

// Along an edge green alternates from row to row, which looks like a zip: half as high as where
// green is interpolated without the gradient of red and blue.
TEST(Demosaic, HalvesTheZipperAlongGreyEdges) {
    const auto colour = [](int x, int) {
        const double value = x < 12 ? 0.1 : 0.7;
        return Rgb{value, value, value};
    };
    const ImageF mosaic = mosaic_of(24, 24, colour);
    const ImageF rgb = demosaic(mosaic);
    double zipper = 0, bilinear = 0;
    for (int y = 4; y < 20; ++y) {
        for (int x = 9; x < 15; ++x) {
            zipper = std::max(zipper,
                              std::abs(static_cast<double>(rgb.at(x, y, 1) - rgb.at(x, y + 1, 1))));
            const auto green = [&](int row) {
                return bayer_channel(x, row) == 1
                           ? mosaic.at(x, row)
                           : 0.25f * (mosaic.at(x - 1, row) + mosaic.at(x + 1, row) +
                                      mosaic.at(x, row - 1) + mosaic.at(x, row + 1));
            };
            bilinear = std::max(bilinear, std::abs(static_cast<double>(green(y) - green(y + 1))));
        }
    }
    EXPECT_NEAR(bilinear, 0.15, 1e-6);
    EXPECT_NEAR(zipper, 0.075, 1e-6);
}

TEST(FalseColour, TakesTheMedianOfNineDifferences) {
    ImageF rgb(9, 7, 3);
    Rng rng(3, 0, "picture");
    for (float& value : rgb.values()) {
        value = rng.uniform_float();
    }
    const ImageF result = without_false_colour(rgb);
    for (int y = 1; y < 6; ++y) {
        for (int x = 1; x < 8; ++x) {
            std::vector<float> red;
            for (int k = 0; k < 9; ++k) {
                const int i = x + k % 3 - 1, j = y + k / 3 - 1;
                red.push_back(rgb.at(i, j, 0) - rgb.at(i, j, 1));
            }
            std::ranges::sort(red);
            EXPECT_EQ(result.at(x, y, 0), rgb.at(x, y, 1) + red[4]);
        }
    }
}

// A slanted edge from dark to burnt out: what is left of colour on grey, and what a ramp loses.
TEST(FalseColour, LeavesLittleOfItAndKeepsRamps) {
    const auto edge = [](int x, int y) {
        const double value = std::clamp(0.05 + 0.9 * (x + 0.4 * y - 16), 0.05, 1.6);
        return Rgb{value, value, value};
    };
    const auto worst = [](const ImageF& rgb) {
        double most = 0;
        for (int y = 3; y < 21; ++y) {
            for (int x = 3; x < 21; ++x) {
                most = std::max(most,
                                std::abs(static_cast<double>(rgb.at(x, y, 0) - rgb.at(x, y, 1))));
            }
        }
        return most;
    };
    const ImageF rgb = demosaic(mosaic_of(24, 24, edge));
    EXPECT_LT(worst(without_false_colour(rgb)), 0.5 * worst(rgb));

    const auto ramp = [](int x, int y) {
        const double value = 0.1 + 0.02 * x + 0.013 * y;
        return Rgb{0.9 * value, 0.6 * value, 0.4 * value};
    };
    EXPECT_LT(error(without_false_colour(demosaic(mosaic_of(20, 18, ramp))), 3, ramp), 1e-6);
}

} // namespace
} // namespace rih
