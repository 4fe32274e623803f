// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/train/schedule.h"

#include "renderih/base/error.h"

#include <gtest/gtest.h>

namespace rih::learn {
namespace {

TEST(Schedule, OfTheReleasedCode) {
    const ScheduleOptions released{.learning_rate = 3e-4,
                                   .decay = "step",
                                   .warmup_epochs = 3,
                                   .warmup_start = 0.01,
                                   .step_epochs = 80,
                                   .step_factor = 0.1,
                                   .floor = 0.05,
                                   .by_epoch = true};
    const auto rate = [&](std::uint64_t epoch) {
        const double first = learning_rate_at(released, epoch * 50, 10000, 50);
        EXPECT_EQ(learning_rate_at(released, epoch * 50 + 49, 10000, 50), first) << epoch;
        return first;
    };
    EXPECT_NEAR(rate(0), 1.02e-4, 1e-9);
    EXPECT_NEAR(rate(1), 2.01e-4, 1e-9);
    EXPECT_NEAR(rate(2), 3e-4, 1e-9);
    EXPECT_NEAR(rate(81), 3e-4, 1e-9);
    EXPECT_NEAR(rate(82), 3e-5, 1e-9);
    EXPECT_NEAR(rate(162), 1.5e-5, 1e-9);
}

TEST(Schedule, WarmsUpAndFallsAlongACosine) {
    const ScheduleOptions options{
        .learning_rate = 1, .decay = "cosine", .warmup_epochs = 1, .warmup_start = 0.1, .floor = 0};
    EXPECT_NEAR(learning_rate_at(options, 0, 500, 100), 0.1, 1e-12);
    EXPECT_NEAR(learning_rate_at(options, 50, 500, 100), 0.55, 1e-12);
    EXPECT_NEAR(learning_rate_at(options, 100, 500, 100), 1, 1e-12);
    EXPECT_NEAR(learning_rate_at(options, 300, 500, 100), 0.5, 1e-12);
    EXPECT_NEAR(learning_rate_at(options, 500, 500, 100), 0, 1e-12);
    EXPECT_EQ(learning_rate_at({.learning_rate = 0.5}, 123, 500, 100), 0.5);
}

TEST(Schedule, NamesWhatIsOutOfRange) {
    EXPECT_THROW(ScheduleOptions{.learning_rate = 0}.validate(), UserError);
    EXPECT_THROW(ScheduleOptions{.decay = "fast"}.validate(), UserError);
    EXPECT_THROW(ScheduleOptions{.step_epochs = -1}.validate(), UserError);
    ScheduleOptions{}.validate();
}

} // namespace
} // namespace rih::learn
