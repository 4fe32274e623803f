// SPDX-License-Identifier: Apache-2.0
// Where the time of training goes: torch's kernels, waiting for data, and the rest, which is ours.
#pragma once

#include "renderih/learn/train/train.h"

#include <string>
#include <utility>
#include <vector>

namespace rih::learn {

struct TrainProfile {
    int steps = 0, images = 0; ///< measured, after the first few
    double seconds = 0;        ///< of them, by the clock
    double torch_s = 0;        ///< inside torch's operators
    double waited_s = 0;       ///< for data
    double loader_cpu_s = 0;   ///< that all threads but torch's spent on making data
    /// Seconds in torch's operators by name, the dearest first; those called by others count there.
    std::vector<std::pair<std::string, double>> operators;

    std::string text() const;
    std::string json() const;
};

/// Measures steps of `request` and writes nothing.
TrainProfile profile_training(const TrainRequest& request, int steps);

} // namespace rih::learn
