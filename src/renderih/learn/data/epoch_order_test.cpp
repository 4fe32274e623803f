// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/data/epoch_order.h"

#include "renderih/base/error.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace rih::learn {
namespace {

TEST(EpochOrder, ShowsEachItemOnceAnEpoch) {
    const EpochOrder order({{30, 0}, {12, 0}}, 0, 5, true);
    ASSERT_EQ(order.size(), 42U);
    std::set<std::vector<std::size_t>> seen;
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
        std::set<std::pair<int, std::size_t>> items;
        std::vector<std::size_t> indices;
        for (const ItemRef& ref : order.order(epoch)) {
            items.emplace(ref.source, ref.index);
            indices.push_back(ref.index);
        }
        EXPECT_EQ(items.size(), 42U);
        EXPECT_TRUE(seen.insert(indices).second) << "epochs have the same order";
    }
}

// By weight: of 100 items 75 come from the small source. It is gone through whole before any of its
// items comes again, also over the epochs' border.
TEST(EpochOrder, MixesByWeight) {
    const EpochOrder order({{20, 3}, {1000, 1}}, 100, 5, true);
    EXPECT_EQ(order.count(0), 75U);
    EXPECT_EQ(order.count(1), 25U);
    std::map<std::uint64_t, std::size_t> index_of_ordinal; // of the small source
    std::set<std::size_t> of_large;
    for (std::uint64_t epoch = 0; epoch < 8; ++epoch) {
        for (const ItemRef& ref : order.order(epoch)) {
            if (ref.source == 0) {
                EXPECT_TRUE(index_of_ordinal.emplace(ref.ordinal, ref.index).second);
            } else {
                EXPECT_TRUE(of_large.insert(ref.index).second) << "seen twice in one pass";
            }
        }
    }
    ASSERT_EQ(index_of_ordinal.size(), 600U);
    for (std::uint64_t pass = 0; pass < 30; ++pass) {
        std::set<std::size_t> indices;
        for (std::uint64_t i = 0; i < 20; ++i) {
            indices.insert(index_of_ordinal.at(20 * pass + i));
        }
        EXPECT_EQ(indices.size(), 20U) << pass;
    }
}

TEST(EpochOrder, HandsOutEveryItem) {
    const EpochOrder order({{10, 1}, {10, 1}, {10, 1}}, 100, 5, true);
    EXPECT_EQ(order.count(0) + order.count(1) + order.count(2), 100U);
    EXPECT_EQ(order.order(3).size(), 100U);
}

TEST(EpochOrder, IsAFunctionOfSeedAndEpoch) {
    const EpochOrder order({{50, 0}}, 0, 5, true);
    EXPECT_EQ(order.order(7), EpochOrder({{50, 0}}, 0, 5, true).order(7));
    EXPECT_NE(order.order(7), EpochOrder({{50, 0}}, 0, 6, true).order(7));
}

TEST(EpochOrder, WithoutShufflingIsTheRecordsOrder) {
    const EpochOrder order({{3, 0}, {2, 0}}, 0, 5, false);
    for (std::uint64_t epoch = 0; epoch < 2; ++epoch) {
        const auto items = order.order(epoch);
        ASSERT_EQ(items.size(), 5U);
        const std::vector<std::pair<int, std::size_t>> expected{
            {0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}};
        for (std::size_t i = 0; i < 5; ++i) {
            EXPECT_EQ(std::pair(items[i].source, items[i].index), expected[i]);
        }
    }
}

TEST(EpochOrder, RefusesWeightsThatMakeNoSense) {
    EXPECT_THROW(EpochOrder({{10, -1}}, 0, 0, true), UserError);
    EXPECT_THROW(EpochOrder({{10, 1e-6}, {10, 1}}, 0, 0, true), UserError); // none of the first
    EXPECT_THROW(EpochOrder({{10, 0}}, 2'000'000'000, 0, true), UserError);
}

} // namespace
} // namespace rih::learn
