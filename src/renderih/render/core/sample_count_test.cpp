// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/core/sample_count.h"

#include <gtest/gtest.h>

#include <vector>

namespace rih {
namespace {

constexpr int kSide = 16;

/// A floor seen from above: hand 1 in the left half, nothing in the right.
struct Seen {
    std::vector<std::uint8_t> hand = std::vector<std::uint8_t>(kSide * kSide, 0);
    std::vector<float> depth_z = std::vector<float>(kSide * kSide, 0.0f);
    std::vector<float> normal = std::vector<float>(3 * kSide * kSide, 0.0f);

    Seen() {
        for (int y = 0; y < kSide; ++y) {
            for (int x = 0; x < kSide / 2; ++x) {
                set(x, y, 1, 0.5f, {0, 0, -1});
            }
        }
    }
    void set(int x, int y, std::uint8_t id, float depth, Vec3f n) {
        const auto i = static_cast<std::size_t>(y * kSide + x);
        hand[i] = id;
        depth_z[i] = depth;
        normal[3 * i] = n.x;
        normal[3 * i + 1] = n.y;
        normal[3 * i + 2] = n.z;
    }
    SeenView view() const { return {kSide, kSide, hand.data(), depth_z.data(), normal.data()}; }
};

TEST(SampleCount, OutlinesGetMoreAndWhatIsBehindLess) {
    const Seen seen;
    EXPECT_EQ(sample_count(seen.view(), 2, 8, 16, false), 16);
    EXPECT_EQ(sample_count(seen.view(), 7, 8, 16, false), 48); // either side of the border
    EXPECT_EQ(sample_count(seen.view(), 8, 8, 16, false), 48);
    EXPECT_EQ(sample_count(seen.view(), 12, 8, 16, false), 4);
    EXPECT_EQ(sample_count(seen.view(), 12, 8, 64, false), 8);
    EXPECT_EQ(sample_count(seen.view(), 12, 8, 2, false), 2); // never more than asked
}

TEST(SampleCount, AStepInDepthIsAnOutline) {
    Seen seen;
    seen.set(3, 8, 1, 0.504f, {0, 0, -1});
    EXPECT_EQ(sample_count(seen.view(), 3, 8, 4, false), 4);
    seen.set(3, 8, 1, 0.506f, {0, 0, -1});
    EXPECT_EQ(sample_count(seen.view(), 3, 8, 4, false), 12);
    EXPECT_EQ(sample_count(seen.view(), 2, 7, 4, false), 12);
    EXPECT_EQ(sample_count(seen.view(), 1, 8, 4, false), 4);
}

TEST(SampleCount, HalfWhereManyNeighboursFaceTheSameWay) {
    Seen seen;
    EXPECT_EQ(sample_count(seen.view(), 3, 8, 8, true), 4);
    EXPECT_EQ(sample_count(seen.view(), 3, 8, 8, false), 8);
    EXPECT_EQ(sample_count(seen.view(), 3, 8, 2, true), 2); // two tell the noise
    EXPECT_EQ(sample_count(seen.view(), 6, 8, 8, true), 4); // 35 alike of 49
    EXPECT_EQ(sample_count(seen.view(), 0, 8, 8, true), 8); // 28 at the picture's border
    for (int y = 0; y < kSide; ++y) {
        const float angle = 0.3f * static_cast<float>(y); // 17 degrees a row
        for (int x = 0; x < kSide / 2; ++x) {
            seen.set(x, y, 1, 0.5f, {0, std::sin(angle), -std::cos(angle)});
        }
    }
    EXPECT_EQ(sample_count(seen.view(), 3, 8, 8, true), 8);
}

TEST(SampleCount, InALensReachMoreWhereSeveralThingsMayShow) {
    EXPECT_EQ(sample_count_in_reach(4, 8, 1u), 2); // the background alone
    EXPECT_EQ(sample_count_in_reach(1, 8, 1u), 1);
    EXPECT_EQ(sample_count_in_reach(8, 8, 2u), 8);   // one hand alone
    EXPECT_EQ(sample_count_in_reach(4, 8, 3u), 16);  // its border
    EXPECT_EQ(sample_count_in_reach(24, 8, 6u), 24); // two hands
}

} // namespace
} // namespace rih
