// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/environment_draw.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace rih {
namespace {

// However large the set is, no environment is used twice more often than another.
TEST(EnvironmentDraw, UsesAllBeforeAnyComesAgain) {
    constexpr int kViews = 5, kCount = 37, kPoses = 200;
    std::map<int, int> groups;
    for (int pose = 0; pose < kPoses; ++pose) {
        for (int view = 0; view < kViews; view += kViewsAnEnvironment) {
            const auto id = static_cast<std::uint64_t>(pose);
            const int drawn = environment_of_view(3, id, view, kViews, kCount);
            ASSERT_GE(drawn, 0);
            ASSERT_LT(drawn, kCount);
            ++groups[drawn];
            if (view + 1 < kViews) {
                EXPECT_EQ(environment_of_view(3, id, view + 1, kViews, kCount), drawn);
            }
        }
    }
    EXPECT_EQ(groups.size(), static_cast<std::size_t>(kCount));
    const int turns = 3 * kPoses / kCount;
    for (const auto& [environment, count] : groups) {
        EXPECT_GE(count, turns);
        EXPECT_LE(count, turns + 1);
    }
}

TEST(EnvironmentDraw, FollowsTheSeedAndTheRound) {
    const auto order = [](std::uint64_t seed, std::uint64_t first) {
        std::vector<int> drawn;
        for (std::uint64_t pose = first; pose < first + 20; ++pose) {
            drawn.push_back(environment_of_view(seed, pose, 0, 1, 20));
        }
        return drawn;
    };
    EXPECT_EQ(order(1, 0), order(1, 0));
    EXPECT_NE(order(1, 0), order(2, 0));
    EXPECT_NE(order(1, 0), order(1, 20));
}

} // namespace
} // namespace rih
