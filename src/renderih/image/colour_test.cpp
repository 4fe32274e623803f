// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/colour.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

TEST(Colour, SrgbCurveKnownValuesAndInverse) {
    EXPECT_NEAR(srgb_from_linear(0.18), 0.46135, 1e-5);
    EXPECT_NEAR(linear_from_srgb(0.5), 0.21404, 1e-5);
    EXPECT_NEAR(srgb_from_linear(0.001), 0.01292, 1e-9);
    for (int i = 0; i <= 255; ++i) {
        EXPECT_NEAR(srgb_from_linear(linear_from_srgb(i / 255.0)), i / 255.0, 1e-6);
    }
}

TEST(Colour, PrimariesAndWhiteInXyz) {
    const auto red = xyz_from_rec709({1, 0, 0});
    EXPECT_NEAR(red[0], 0.4124, 1e-4);
    EXPECT_NEAR(red[1], 0.2126, 1e-4);
    EXPECT_NEAR(red[2], 0.0193, 1e-4);
    const auto white = xyz_from_rec709({1, 1, 1});
    EXPECT_NEAR(white[0], 0.9505, 1e-4);
    EXPECT_NEAR(white[1], 1.0, 1e-12);
    EXPECT_NEAR(white[2], 1.0891, 1e-4);
    const auto back = rec709_from_xyz(xyz_from_rec709({0.2, 0.5, 0.7}));
    EXPECT_NEAR(back[0], 0.2, 1e-12);
    EXPECT_NEAR(back[2], 0.7, 1e-12);
}

TEST(Colour, LabOfKnownColours) {
    const auto grey = lab_from_rec709({0.184187, 0.184187, 0.184187});
    EXPECT_NEAR(grey[0], 50.0, 1e-3);
    EXPECT_NEAR(grey[1], 0.0, 1e-9);
    EXPECT_NEAR(grey[2], 0.0, 1e-9);
    const auto blue = lab_from_rec709({0, 0, 1}); // sRGB blue: 32.30, 79.19, -107.86
    EXPECT_NEAR(blue[0], 32.30, 0.02);
    EXPECT_NEAR(blue[1], 79.19, 0.05);
    EXPECT_NEAR(blue[2], -107.86, 0.05);
}

TEST(Colour, ItaFollowsItsDefinition) {
    EXPECT_NEAR(ita_deg({70, 10, 20}), 45.0, 1e-12);
    EXPECT_NEAR(ita_deg({30, 10, 20}), -45.0, 1e-12);
    EXPECT_NEAR(ita_deg({50, 10, 20}), 0.0, 1e-12);
}

TEST(Colour, EightBitClampsAndRounds) {
    ImageF linear(3, 1, 1);
    linear.at(0, 0) = -1.0f;
    linear.at(1, 0) = 0.18f;
    linear.at(2, 0) = 7.0f;
    const Image8 image = srgb8_from_linear(linear);
    EXPECT_EQ(image.at(0, 0), 0);
    EXPECT_EQ(image.at(1, 0), 118);
    EXPECT_EQ(image.at(2, 0), 255);
}

} // namespace
} // namespace rih
