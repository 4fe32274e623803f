// SPDX-License-Identifier: Apache-2.0
// A training run: a folder that holds its options, its checkpoints and its logs.
//   RUN/options.json             what was asked for
//   RUN/checkpoint.safetensors   the last one; RUN/best.safetensors: of the lowest MPJPE
//   RUN/loss.csv, metrics.csv    a row a logged step; a row an evaluation
//   RUN/events.out.tfevents.*    the same for TensorBoard, and pictures
//   RUN/predictions/STEP.png     labels on the left, predictions on the right
#pragma once

#include "renderih/learn/data/loader.h"
#include "renderih/learn/train/train_options.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace rih::learn {

struct TrainRequest {
    TrainOptions options;
    std::vector<DataSource> sources;
    std::filesystem::path out;
    std::optional<std::filesystem::path> init; ///< a checkpoint whose weights the run begins with
    /// Returns after so many steps of the run, without a checkpoint of its own, as a kill would; 0:
    /// never.
    std::uint64_t stop_after_steps = 0;
};

struct TrainResult {
    std::uint64_t step = 0;
    bool was_finished = false; ///< before this call: nothing was changed
    double seconds = 0;        ///< of training, earlier calls included
    double mpjpe_mm = 0;       ///< of the last evaluation
    double best_mpjpe_mm = 0;
};

/// Begins the run, or goes on with the one that `out` holds: the losses are then those of a run
/// that was never interrupted. Throws UserError when `out` holds a run with other options or hands,
/// when a record cannot be read, and when a loss, a gradient or a weight is not finite - the
/// checkpoint of the last good step is then still there.
TrainResult train(TrainRequest request);

} // namespace rih::learn
