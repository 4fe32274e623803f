// SPDX-License-Identifier: Apache-2.0
#include "renderih/report/page_pictures.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"

#include <gtest/gtest.h>

#include <numeric>

namespace rih {
namespace {

TEST(Shrunk, LeavesASmallPictureAlone) {
    Image8 picture(30, 20, 3, 7);
    picture.at(3, 4, 1) = 99;
    EXPECT_EQ(shrunk(picture, 30), picture);
}

TEST(Shrunk, WholeFactorsAreMeansOfBlocks) {
    Image8 picture(6, 4, 1);
    std::iota(picture.values().begin(), picture.values().end(), std::uint8_t{0});
    const Image8 small = shrunk(picture, 3);
    ASSERT_EQ(small.width(), 3);
    ASSERT_EQ(small.height(), 2);
    EXPECT_EQ(small.at(0, 0), 4);  // (0 + 1 + 6 + 7) / 4 = 3.5
    EXPECT_EQ(small.at(2, 1), 20); // (16 + 17 + 22 + 23) / 4 = 19.5
}

TEST(Shrunk, KeepsTheMeanForAnyFactor) {
    Rng rng(1, 0, "shrunk");
    Image8 picture(101, 67, 3);
    for (std::uint8_t& value : picture.values()) {
        value = static_cast<std::uint8_t>(rng.uniform_index(256));
    }
    const Image8 small = shrunk(picture, 40);
    EXPECT_EQ(small.width(), 40);
    EXPECT_EQ(small.height(), 27);
    const auto mean = [](const Image8& image) {
        return std::accumulate(image.values().begin(), image.values().end(), 0.0) /
               static_cast<double>(image.values().size());
    };
    EXPECT_NEAR(mean(small), mean(picture), 0.5);
}

TEST(LabelChannels, HoldTheirLabels) {
    LabelPictures labels{Image8(4, 2, 1), Image16(4, 2, 1), Image8(4, 2, 1)};
    labels.seg.at(1, 0) = 33;
    labels.depth.at(1, 0) = 5000;
    labels.depth.at(2, 1) = 5508;
    labels.depth.at(3, 1) = 5254;
    labels.amodal.at(3, 1) = 3;
    const LabelChannels channels = label_channels(labels, 100);
    EXPECT_EQ(channels.near_m, 0.5);
    EXPECT_DOUBLE_EQ(channels.far_m, 0.5508);
    const Image8& picture = channels.picture;
    EXPECT_EQ(picture.at(1, 0, 0), 33);
    EXPECT_EQ(picture.at(1, 0, 1), 127); // the nearest
    EXPECT_EQ(picture.at(2, 1, 1), 1);   // the farthest
    EXPECT_EQ(picture.at(3, 1, 1), 64);  // halfway
    EXPECT_EQ(picture.at(0, 0, 1), 0);   // none
    EXPECT_EQ(picture.at(3, 1, 2), 3);
}

TEST(LabelChannels, ShrinkByWholePixelsAndDoWithoutSome) {
    LabelPictures labels;
    labels.seg = Image8(8, 4, 1);
    for (int x = 0; x < 8; ++x) {
        for (int y = 0; y < 4; ++y) {
            labels.seg.at(x, y) = static_cast<std::uint8_t>(x < 4 ? 16 : 32);
        }
    }
    const LabelChannels channels = label_channels(labels, 4);
    ASSERT_EQ(channels.picture.width(), 4);
    for (int x = 0; x < 4; ++x) { // never a mean of two labels
        EXPECT_EQ(channels.picture.at(x, 1, 0), x < 2 ? 16 : 32);
    }
    EXPECT_EQ(channels.far_m, 0);
}

TEST(LabelChannels, SizesMustAgree) {
    LabelPictures labels;
    EXPECT_THROW(label_channels(labels, 100), UserError);
    labels.seg = Image8(4, 2, 1);
    labels.amodal = Image8(2, 4, 1);
    EXPECT_THROW(label_channels(labels, 100), UserError);
}

} // namespace
} // namespace rih
