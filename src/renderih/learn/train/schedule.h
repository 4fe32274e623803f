// SPDX-License-Identifier: Apache-2.0
// The learning rate as a function of the step alone, so that a resumed run has the same.
#pragma once

#include <cstdint>
#include <string>

namespace rih::learn {

struct ScheduleOptions {
    double learning_rate = 1e-4;
    std::string decay = "none"; ///< none, step or cosine
    double warmup_epochs = 0;   ///< linear from warmup_start x the rate
    double warmup_start = 0.01;
    double step_epochs = 80; ///< of step: the rate falls by step_factor every so many epochs
    double step_factor = 0.1;
    double floor = 0.05;   ///< of step and cosine: never below this x the rate
    bool by_epoch = false; ///< constant within an epoch and counted from its end, as released

    /// Throws UserError naming the field and its range.
    void validate() const;
};

/// The rate of step `step` (from 0) of `steps` in all, `steps_per_epoch` of them an epoch.
double learning_rate_at(const ScheduleOptions& options,
                        std::uint64_t step,
                        std::uint64_t steps,
                        std::uint64_t steps_per_epoch);

} // namespace rih::learn
