// SPDX-License-Identifier: Apache-2.0
// Everything that decides what a training run does. Defaults are the paper's (Adam, 1e-4, batches
// of 64; what it leaves open follows the released code) and live here and in the structs named; a
// TOML file of configs/train/ names what differs.
#pragma once

#include "renderih/learn/data/augmentation.h"
#include "renderih/learn/losses/loss_options.h"
#include "renderih/learn/net/net_options.h"
#include "renderih/learn/train/schedule.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace rih::learn {

struct TrainOptions {
    std::uint64_t seed = 0;
    int batch = 64;
    int accumulate = 1;         ///< batches whose gradients are averaged into one step
    std::uint64_t epochs = 200; ///< ends after so many, or after `steps` if that is not 0
    std::uint64_t steps = 0;
    bool augment = true;
    AugmentationOptions augmentation;

    double beta1 = 0.9, beta2 = 0.999; ///< of Adam
    double weight_decay = 0;           ///< above 0: decoupled from the gradient (AdamW)
    double clip_norm = 0;              ///< longest gradient; 0: never cut
    bool bfloat16 = false; ///< matrix products and convolutions in bfloat16, weights in float32
    std::string encoder_weights; ///< a torchvision ResNet-50 as safetensors; empty: random

    int threads = 0;                      ///< 0: every core; a matter of the machine, not in files
    std::uint64_t log_every = 10;         ///< steps
    std::uint64_t evaluate_every = 0;     ///< steps; 0: ten times in the run
    std::uint64_t checkpoint_every = 0;   ///< steps; 0: with each evaluation
    std::string evaluation_split = "val"; ///< train, val or test
    int evaluation_records = 0;           ///< first records of the split; 0: all
    double stop_below_mpjpe_mm = 0;       ///< ends the run once an evaluation is below; 0: never

    ScheduleOptions schedule;
    NetOptions net;
    LossOptions loss;

    /// Throws UserError naming the field and its range.
    void validate() const;

    /// Every field, one JSON object of "section.name" keys; stored in checkpoints.
    std::string to_json() const;
};

/// What to_json() wrote. `what` names the source. Throws UserError for a field that is missing,
/// unknown or of the wrong type.
TrainOptions train_options_from_json(std::string_view json, const std::string& what);

/// Overwrites the fields that the TOML file names. Throws UserError for a file that is missing or
/// malformed, for unknown keys and for values of the wrong type.
void read_toml(const std::filesystem::path& path, TrainOptions& options);

} // namespace rih::learn
