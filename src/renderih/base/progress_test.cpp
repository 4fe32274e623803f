// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/progress.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

TEST(Progress, RateCountsOnlyNewItems) {
    EXPECT_EQ(Progress::line("records", 30, 40, 20, 10.0), "records 30/40, 2.0/s, 5 s left");
    EXPECT_EQ(Progress::line("records", 11, 12, 1, 8.0), "records 11/12, 8.0 s each, 8 s left");
    EXPECT_EQ(Progress::line("records", 10, 40, 0, 0.0), "records 10/40");
}

TEST(Progress, DurationsAreReadable) {
    EXPECT_EQ(human_duration(44.2), "45 s");
    EXPECT_EQ(human_duration(600), "10 min");
    EXPECT_EQ(human_duration(3600 * 3 + 1200), "3 h 20 min");
}

} // namespace
} // namespace rih
