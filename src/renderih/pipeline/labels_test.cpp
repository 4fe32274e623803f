// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/labels.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

TEST(Labels, DepthRoundsAndClamps) {
    ImageF depth(4, 1, 1);
    depth.at(1, 0) = 0.61234f;
    depth.at(2, 0) = 0.61236f;
    depth.at(3, 0) = 100.0f;
    const Image16 out = depth_to_16bit(depth);
    EXPECT_EQ(out.values(), (std::vector<std::uint16_t>{0, 6123, 6124, 65535}));
}

TEST(Labels, MasksCountTheHandWithoutItsForearm) {
    Image8 part(6, 3, 1), amodal(6, 3, 1);
    part.at(1, 1) = 16; // right palm
    part.at(2, 2) = 1;  // right pinky end
    part.at(3, 1) = 17; // left pinky end
    part.at(4, 1) = 33; // right forearm
    amodal.at(1, 1) = 1;
    amodal.at(2, 2) = 3; // the left hand is behind
    amodal.at(3, 1) = 2;
    const MaskNumbers numbers = mask_numbers(part, amodal);
    EXPECT_EQ(numbers.visible_pixels, (std::array<int, 2>{2, 1}));
    EXPECT_EQ(numbers.amodal_pixels, (std::array<int, 2>{2, 2}));
    EXPECT_EQ(numbers.bbox_px[0], (std::array<int, 4>{1, 1, 2, 2}));
    EXPECT_EQ(numbers.bbox_px[1], (std::array<int, 4>{3, 1, 1, 1}));
    EXPECT_DOUBLE_EQ(numbers.mask_iou, 1.0 / 3);
}

TEST(Labels, NothingThereIsNoBox) {
    const Image8 none(4, 4, 1);
    const MaskNumbers numbers = mask_numbers(none, none);
    EXPECT_EQ(numbers.bbox_px[0], (std::array<int, 4>{0, 0, 0, 0}));
    EXPECT_EQ(numbers.mask_iou, 0);
}

TEST(Labels, NormalsKeepTheirSigns) {
    ImageF normal(2, 1, 3);
    normal.at(0, 0, 2) = -1;
    const Image8 out = normal_to_8bit(normal);
    EXPECT_EQ(out.at(0, 0, 0), 128);
    EXPECT_EQ(out.at(0, 0, 2), 1);
    EXPECT_EQ(out.at(1, 0, 2), 0);
}

} // namespace
} // namespace rih
