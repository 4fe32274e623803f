// SPDX-License-Identifier: Apache-2.0
// Plans of experiments; what a run changes in a configuration is TOML that parses again.
#include "fuzz/target.h"
#include "renderih/learn/experiment/experiment_plan.h"

void rih::fuzz_one(std::span<const std::uint8_t> bytes) {
    const auto plan = learn::experiment_from_toml(std::string(as_text(bytes)), "plan.toml");
    for (const learn::ExperimentRun& run : plan.runs) {
        learn::merged_toml("batch = 1\n", run.train_toml, "changes");
    }
}
