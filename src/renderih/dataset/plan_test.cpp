// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/plan.h"

#include "renderih/base/error.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

namespace rih {
namespace {

constexpr std::array<Split, 3> kSplits = {Split::Train, Split::Val, Split::Test};

TEST(DatasetPlan, HoldsEachRecordOnceAndKeepsThePosesTogether) {
    for (const std::uint64_t poses : {1, 2, 9, 10, 12, 37, 200}) {
        for (const int views : {1, 2, 7}) {
            const DatasetPlan plan(
                {.seed = 3, .poses = poses, .views = views, .records_per_shard = 10});
            std::set<std::uint64_t> seen;
            std::map<std::uint64_t, ShardId> shard_of_pose;
            for (int s = 0; s < plan.shard_count(); ++s) {
                const ShardId shard = plan.shard(s);
                const auto records = plan.records_of(shard);
                EXPECT_FALSE(records.empty());
                EXPECT_EQ(plan.record_count(shard), records.size());
                EXPECT_TRUE(std::is_sorted(records.begin(), records.end()));
                EXPECT_LE(records.size(), 10u);
                for (const std::uint64_t record : records) {
                    EXPECT_TRUE(seen.insert(record).second);
                    EXPECT_EQ(plan.shard_of(record), shard);
                    EXPECT_EQ(plan.split_of(plan.pose_of(record)), shard.split);
                    const auto [known, added] = shard_of_pose.emplace(plan.pose_of(record), shard);
                    EXPECT_EQ(known->second, shard) << "a pose lies in two shards";
                }
            }
            EXPECT_EQ(seen.size(), plan.record_count());
            EXPECT_EQ(*seen.rbegin(), plan.record_count() - 1);
        }
    }
}

TEST(DatasetPlan, GivesEverySplitItsFractionAndAtLeastOnePoseOfTen) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const DatasetPlan small({.seed = seed, .poses = 10});
        for (const Split split : kSplits) {
            EXPECT_GE(small.pose_count(split), 1u);
        }
        const DatasetPlan large({.seed = seed, .poses = 2000});
        EXPECT_EQ(large.pose_count(Split::Train), 1800u);
        EXPECT_EQ(large.pose_count(Split::Val), 100u);
        EXPECT_EQ(large.pose_count(Split::Test), 100u);
    }
    const DatasetPlan thirds(
        {.seed = 1, .poses = 999, .split_fractions = {1.0 / 3, 1.0 / 3, 1.0 / 3}});
    for (const Split split : kSplits) {
        EXPECT_NEAR(static_cast<double>(thirds.pose_count(split)), 333, 8);
    }
    const DatasetPlan test_only({.poses = 25, .split_fractions = {0, 0, 1}});
    EXPECT_EQ(test_only.pose_count(Split::Test), 25u);
    EXPECT_EQ(test_only.shard_count(Split::Train), 0);
}

TEST(DatasetPlan, TheSplitOfAPoseDependsOnSeedAndPoseAlone) {
    const DatasetPlan few({.seed = 5, .poses = 40});
    const DatasetPlan many({.seed = 5, .poses = 4000, .views = 3, .records_per_shard = 17});
    const DatasetPlan other({.seed = 6, .poses = 4000});
    int differ = 0;
    for (std::uint64_t pose = 0; pose < 40; ++pose) {
        EXPECT_EQ(few.split_of(pose), many.split_of(pose));
        differ += few.split_of(pose) != other.split_of(pose);
    }
    EXPECT_GT(differ, 0) << "the seed does not matter";
}

TEST(DatasetPlan, PartsCoverEveryShardOnce) {
    const DatasetPlan plan({.seed = 1, .poses = 300, .records_per_shard = 7});
    std::set<ShardId> seen;
    for (int part = 0; part < 4; ++part) {
        for (const ShardId& shard : plan.shards_of_part(part, 4)) {
            EXPECT_TRUE(seen.insert(shard).second);
            EXPECT_TRUE(plan.contains(shard));
        }
    }
    EXPECT_EQ(static_cast<int>(seen.size()), plan.shard_count());
    EXPECT_EQ(plan.shard(0).name(), "train/00000");
    EXPECT_THROW(plan.shards_of_part(4, 4), UserError);
    EXPECT_THROW(plan.shards_of_part(0, 0), UserError);
}

TEST(DatasetPlan, AHugePlanCostsNothing) {
    const DatasetPlan plan(
        {.seed = 1, .poses = 200'000'000, .views = 20, .records_per_shard = 50'000});
    const std::uint64_t record = 3'999'999'987;
    const auto records = plan.records_of(plan.shard_of(record));
    EXPECT_TRUE(std::binary_search(records.begin(), records.end(), record));
    EXPECT_EQ(records.size() % 20, 0u);
}

TEST(DatasetPlan, NamesTheOptionOutOfRange) {
    const auto error_of = [](const PlanOptions& options) -> std::string {
        try {
            const DatasetPlan plan(options);
        } catch (const UserError& error) {
            return error.what();
        }
        return "";
    };
    using testing::HasSubstr;
    EXPECT_THAT(error_of({.poses = 0}), HasSubstr("poses = 0"));
    EXPECT_THAT(error_of({.poses = 1, .views = 0}), HasSubstr("views = 0"));
    EXPECT_THAT(error_of({.poses = 1, .split_fractions = {0.5, 0.4, 0.2}}), HasSubstr("sum to"));
    EXPECT_THAT(error_of({.poses = 1, .split_fractions = {NAN, 0.5, 0.5}}), HasSubstr("fraction"));
    EXPECT_THAT(error_of({.poses = 1, .records_per_shard = -1}), HasSubstr("records_per_shard"));
    EXPECT_THAT(error_of({.poses = 1'000'000'000, .records_per_shard = 1}), HasSubstr("raise it"));
}

} // namespace
} // namespace rih
