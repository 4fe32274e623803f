// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/predict/overlay.h"

#include <gtest/gtest.h>

#include <limits>

namespace rih::learn {
namespace {

/// A square of side `size` at depth `z` with its top-left corner at (x, y) pixels.
OverlayHand square(double x, double y, double size, double z, const Triangles& faces) {
    OverlayHand hand;
    hand.vertices_px.resize(4, 2);
    hand.vertices_px << x, y, x + size, y, x + size, y + size, x, y + size;
    hand.vertices.resize(4, 3);
    for (Eigen::Index i = 0; i < 4; ++i) {
        hand.vertices.row(i) << hand.vertices_px.row(i), z;
    }
    hand.faces = &faces;
    return hand;
}

const Triangles kSquare{{0, 1, 2}, {0, 2, 3}};

TEST(Overlay, DrawsPixelsWhoseCentresLieInsideAndTheNearestOnTop) {
    Image8 picture(8, 6, 3, 0);
    OverlayHand far = square(2, 1, 4, 1, kSquare), near = square(4, 2, 20, 0.5, kSquare);
    far.colour = {1, 0, 0};
    near.colour = {0, 1, 0};
    const std::array<OverlayHand, 2> hands{near, far}; // order does not matter, depth does
    draw_hands(picture, hands, 1);
    for (int y = 0; y < 6; ++y) {
        for (int x = 0; x < 8; ++x) {
            const bool in_near = x >= 4 && y >= 2;
            const bool in_far = x >= 2 && x < 6 && y >= 1 && y < 5;
            EXPECT_EQ(picture.at(x, y, 1), in_near ? 255 : 0) << x << "," << y;
            EXPECT_EQ(picture.at(x, y, 0), in_far && !in_near ? 255 : 0) << x << "," << y;
        }
    }
}

TEST(Overlay, BlendsAndSkipsWhatIsNotFinite) {
    Image8 picture(4, 4, 3, 100);
    OverlayHand hand = square(0, 0, 4, 1, kSquare);
    hand.colour = {1, 1, 1};
    hand.vertices_px(1, 0) = std::numeric_limits<double>::quiet_NaN(); // of the first face alone
    const std::array<OverlayHand, 1> hands{hand};
    draw_hands(picture, hands, 0.5);
    EXPECT_EQ(picture.at(3, 0), 100);
    EXPECT_EQ(picture.at(0, 3), 178); // (100 + 255) / 2
}

TEST(Overlay, MosaicPlacesPictures) {
    const std::array<Image8, 3> pictures{
        Image8(2, 1, 3, 10), Image8(2, 1, 3, 20), Image8(2, 1, 3, 30)};
    const Image8 sheet = mosaic(pictures, 2);
    EXPECT_EQ(sheet.width(), 4);
    EXPECT_EQ(sheet.height(), 2);
    EXPECT_EQ(sheet.at(1, 0), 10);
    EXPECT_EQ(sheet.at(2, 0), 20);
    EXPECT_EQ(sheet.at(0, 1), 30);
    EXPECT_EQ(sheet.at(3, 1), 0);
}

} // namespace
} // namespace rih::learn
