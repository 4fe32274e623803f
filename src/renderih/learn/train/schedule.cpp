// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/train/schedule.h"

#include "renderih/base/error.h"
#include "renderih/math/types.h"

#include <algorithm>
#include <cmath>

namespace rih::learn {

void ScheduleOptions::validate() const {
    RIH_REQUIRE(decay == "none" || decay == "step" || decay == "cosine",
                "schedule.decay: must be none, step or cosine, not \"{}\"",
                decay);
    const auto within = [](const char* name, double value, double low, double high) {
        RIH_REQUIRE(value >= low && value <= high,
                    "schedule.{}: must be within {} .. {}, not {}",
                    name,
                    low,
                    high,
                    value);
    };
    within("learning_rate", learning_rate, 1e-9, 1);
    within("warmup_epochs", warmup_epochs, 0, 1e6);
    within("warmup_start", warmup_start, 0, 1);
    within("step_epochs", step_epochs, 1e-3, 1e6);
    within("step_factor", step_factor, 1e-6, 1);
    within("floor", floor, 0, 1);
}

double learning_rate_at(const ScheduleOptions& options,
                        std::uint64_t step,
                        std::uint64_t steps,
                        std::uint64_t steps_per_epoch) {
    const double per_epoch = static_cast<double>(steps_per_epoch);
    const double epochs = static_cast<double>(steps) / per_epoch;
    const double epoch = options.by_epoch ? static_cast<double>(step / steps_per_epoch + 1)
                                          : static_cast<double>(step) / per_epoch;
    if (epoch < options.warmup_epochs) {
        return options.learning_rate *
               (options.warmup_start + (1 - options.warmup_start) * epoch / options.warmup_epochs);
    }
    const double since = epoch - options.warmup_epochs;
    double factor = 1;
    if (options.decay == "step") {
        factor = std::pow(options.step_factor, std::floor(since / options.step_epochs));
    } else if (options.decay == "cosine") {
        const double span = std::max(epochs - options.warmup_epochs, 1e-9);
        factor = (1 + std::cos(kPi * std::min(since / span, 1.0))) / 2;
    }
    return options.learning_rate * (options.decay == "none" ? 1 : std::max(factor, options.floor));
}

} // namespace rih::learn
