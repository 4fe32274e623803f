// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/shared_cache.h"

#include "renderih/base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace rih {
namespace {

TEST(SharedCache, KeepsTheLastUsed) {
    SharedCache<int, int> cache(2);
    int made = 0;
    const auto get = [&](int key) {
        return *cache.get(key, [&] {
            ++made;
            return 10 * key;
        });
    };
    EXPECT_EQ(get(1), 10);
    EXPECT_EQ(get(2), 20);
    EXPECT_EQ(get(1), 10);
    EXPECT_EQ(made, 2);
    get(3); // drops 2, which was used longest ago
    get(1);
    EXPECT_EQ(made, 3);
    EXPECT_EQ(get(2), 20);
    EXPECT_EQ(made, 4);
}

TEST(SharedCache, ThreadsMakeAValueOnce) {
    SharedCache<int, int> cache(8);
    std::atomic<int> made{0};
    parallel_for(400, 4, [&](std::size_t i) {
        const int key = static_cast<int>(i % 4);
        EXPECT_EQ(*cache.get(key, [&] { return ++made, key; }), key);
    });
    EXPECT_EQ(made, 4);
}

TEST(SharedCache, AFailureIsNotKept) {
    SharedCache<int, int> cache(1);
    EXPECT_THROW(cache.get(1, []() -> int { throw std::runtime_error("no"); }), std::runtime_error);
    EXPECT_EQ(*cache.get(1, [] { return 5; }), 5);
}

} // namespace
} // namespace rih
