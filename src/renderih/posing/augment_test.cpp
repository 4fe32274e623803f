// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/augment.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

FingerAngles some_pose() {
    FingerAngles angles{};
    for (int i = 0; i < kFingerJointCount; ++i) {
        angles[i].bend = (10 + i) * kDegree;
    }
    return angles;
}

TEST(Augment, StaysInsideTable2AndWithinTheOffsets) {
    Rng rng(1, 0, "augment");
    const FingerAngles pose = some_pose();
    for (int trial = 0; trial < 2000; ++trial) {
        const FingerAngles result =
            augment(pose, {.bend = 30 * kDegree, .splay = 10 * kDegree}, rng);
        EXPECT_LE(max_limit_excess(result), 0);
        for (int i = 0; i < kFingerJointCount; ++i) {
            EXPECT_LE(std::abs(result[i].bend - pose[i].bend), 30 * kDegree + 1e-12);
            EXPECT_LE(std::abs(result[i].splay - pose[i].splay), 10 * kDegree + 1e-12);
            if (!is_finger_root(i + 1)) {
                EXPECT_EQ(result[i].splay, 0);
            }
            EXPECT_EQ(result[i].twist, 0);
        }
    }
}

TEST(Augment, OffsetsAreUniformOverWhatTheRangeLeaves) {
    // Index middle joint, bend range [-4, 110], pose at 100: offsets in [-90, 10] uniform.
    Rng rng(2, 0, "augment uniform");
    FingerAngles pose{};
    pose[1].bend = 100 * kDegree;
    std::array<int, 10> bins{};
    constexpr int kDraws = 20000;
    for (int i = 0; i < kDraws; ++i) {
        const double offset = (augment(pose, {}, rng)[1].bend - pose[1].bend) / kDegree;
        ASSERT_GE(offset, -90);
        ASSERT_LE(offset, 10);
        ++bins[std::min(9, static_cast<int>((offset + 90) / 10))];
    }
    double chi_square = 0;
    for (const int bin : bins) {
        chi_square += (bin - kDraws / 10.0) * (bin - kDraws / 10.0) / (kDraws / 10.0);
    }
    EXPECT_LT(chi_square, 27.9); // 9 degrees of freedom, p = 0.001
}

TEST(Augment, ScaleZeroOnlyClamps) {
    Rng rng(3, 0, "augment zero");
    FingerAngles pose = some_pose();
    pose[4].bend = 150 * kDegree;
    pose[2].twist = 0.3;
    const FingerAngles result = augment(pose, {.scale = 0}, rng);
    const FingerAngles expected = clamp_to_limits(pose);
    for (int i = 0; i < kFingerJointCount; ++i) {
        EXPECT_EQ(result[i].bend, expected[i].bend);
        EXPECT_EQ(result[i].splay, expected[i].splay);
        EXPECT_EQ(result[i].twist, expected[i].twist);
    }
}

} // namespace
} // namespace rih
