// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/parallel.h"

#include "renderih/base/error.h"

#include <gtest/gtest.h>
#include <tbb/parallel_for.h>

#include <atomic>
#include <thread>
#include <vector>

namespace rih {
namespace {

TEST(ParallelFor, EachItemOnceOnAnyThreadCount) {
    for (const int threads : {1, 2, 5}) {
        std::vector<std::atomic<int>> calls(1000);
        parallel_for(calls.size(), threads, [&](std::size_t i) { ++calls[i]; });
        for (const auto& c : calls) {
            ASSERT_EQ(c.load(), 1);
        }
    }
}

TEST(ParallelFor, PassesTheExceptionOnAndStops) {
    std::atomic<int> calls{0};
    EXPECT_THROW(parallel_for(100000,
                              2,
                              [&](std::size_t i) {
                                  ++calls;
                                  RIH_REQUIRE(i != 3, "item three");
                              }),
                 UserError);
    EXPECT_LT(calls.load(), 100000);
}

TEST(RunOnOneThread, KeepsTbbTasksOnThisThread) {
    const auto here = std::this_thread::get_id();
    std::atomic<int> elsewhere{0};
    run_on_one_thread([&] {
        tbb::parallel_for(0, 10000, [&](int) { elsewhere += std::this_thread::get_id() != here; });
    });
    EXPECT_EQ(elsewhere.load(), 0);
}

TEST(ParallelFor, RefusesNegativeThreads) {
    EXPECT_THROW(resolve_thread_count(-1), UserError);
}

} // namespace
} // namespace rih
