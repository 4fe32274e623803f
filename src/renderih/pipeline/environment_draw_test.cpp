// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/environment_draw.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <vector>

namespace rih {
namespace {

DatasetPlan plan(std::uint64_t seed, std::uint64_t poses, int views) {
    return DatasetPlan({.seed = seed, .poses = poses, .views = views});
}

// However large the set is, no environment of a split is used twice more often than another.
TEST(EnvironmentDraw, UsesAllBeforeAnyComesAgain) {
    constexpr int kViews = 5, kCount = 37, kPoses = 200;
    const DatasetPlan poses = plan(3, kPoses, kViews);
    const EnvironmentDraw draw(poses, kCount);
    std::map<Split, std::map<int, int>> groups;
    for (std::uint64_t pose = 0; pose < kPoses; ++pose) {
        for (int view = 0; view < kViews; view += kViewsAnEnvironment) {
            const int drawn = draw.of_view(pose, view);
            ++groups[poses.split_of(pose)][drawn];
            if (view + 1 < kViews) {
                EXPECT_EQ(draw.of_view(pose, view + 1), drawn);
            }
        }
    }
    for (const auto& [split, used] : groups) {
        EXPECT_EQ(used.size(), draw.of_split(split).size());
        const int turns =
            3 * static_cast<int>(poses.pose_count(split)) / static_cast<int>(used.size());
        for (const auto& [environment, count] : used) {
            EXPECT_GE(count, turns) << environment;
            EXPECT_LE(count, turns + 1) << environment;
        }
    }
}

TEST(EnvironmentDraw, SplitsShareNoneAndMissNone) {
    for (const int count : {10, 37, 308}) {
        const EnvironmentDraw draw(plan(5, 100, 1), count);
        std::set<int> all;
        std::size_t sum = 0;
        for (const Split split : {Split::Train, Split::Val, Split::Test}) {
            EXPECT_FALSE(draw.of_split(split).empty());
            all.insert(draw.of_split(split).begin(), draw.of_split(split).end());
            sum += draw.of_split(split).size();
        }
        EXPECT_EQ(all.size(), static_cast<std::size_t>(count));
        EXPECT_EQ(sum, static_cast<std::size_t>(count));
        EXPECT_EQ(*all.rbegin(), count - 1);
    }
}

// A set of another seed, or with more places, tests in no place that this one trains in.
TEST(EnvironmentDraw, DealsAlikeForEverySeedAndCount) {
    const EnvironmentDraw draw(plan(1, 100, 1), 60), other(plan(2, 500, 3), 300);
    for (const Split split : {Split::Train, Split::Val, Split::Test}) {
        for (const int i : draw.of_split(split)) {
            EXPECT_TRUE(std::ranges::binary_search(other.of_split(split), i)) << i;
        }
    }
}

TEST(EnvironmentDraw, FewAreShared) {
    for (const int count : {1, 4, 9}) {
        const EnvironmentDraw draw(plan(1, 100, 1), count);
        std::vector<int> all(static_cast<std::size_t>(count));
        std::iota(all.begin(), all.end(), 0);
        for (const Split split : {Split::Train, Split::Val, Split::Test}) {
            EXPECT_EQ(draw.of_split(split), all);
        }
    }
}

TEST(EnvironmentDraw, FollowsTheSeedAndTheRound) {
    const auto order = [](std::uint64_t seed, std::uint64_t first) {
        DatasetPlan poses({.seed = seed, .poses = 40, .views = 1, .split_fractions = {1, 0, 0}});
        const EnvironmentDraw draw(poses, 20);
        std::vector<int> drawn;
        for (std::uint64_t pose = first; pose < first + 20; ++pose) {
            drawn.push_back(draw.of_view(pose, 0));
        }
        return drawn;
    };
    EXPECT_EQ(order(1, 0), order(1, 0));
    EXPECT_NE(order(1, 0), order(2, 0));
    EXPECT_NE(order(1, 0), order(1, 20));
}

} // namespace
} // namespace rih
