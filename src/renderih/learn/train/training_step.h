// SPDX-License-Identifier: Apache-2.0
// One step of training: batches in, weights moved. What a run and a measurement of its speed share.
#pragma once

#include "renderih/hand/hand_model.h"
#include "renderih/learn/data/loader.h"
#include "renderih/learn/train/adam.h"
#include "renderih/learn/train/net_runner.h"
#include "renderih/learn/train/train_options.h"

#include <string>
#include <utility>
#include <vector>

namespace rih::learn {

struct StepReport {
    double loss = 0;
    double gradient_norm = 0;                          ///< before it is cut
    std::vector<std::pair<std::string, double>> terms; ///< of the loss, weighted
    double waited_s = 0;                               ///< for data
};

class TrainingStep {
  public:
    /// A network and an optimiser as `options` ask for, weights from its seed; sets the number of
    /// torch's threads.
    TrainingStep(const TrainOptions& options, const HandPair& hands);

    NetRunner& runner() { return runner_; }
    const NetRunner& runner() const { return runner_; }
    Adam& adam() { return adam_; }
    const Adam& adam() const { return adam_; }

    /// Forward and backward over `accumulate` batches, then Adam. When the loss or the gradient is
    /// not finite the weights stay as they were: look at the report.
    StepReport run(BatchSource& source, double learning_rate, std::uint64_t epoch);

  private:
    TrainOptions options_;
    NetRunner runner_;
    Adam adam_;
};

/// Of the training data, and of the split that is evaluated.
LoaderOptions training_loader(const TrainOptions& options);
LoaderOptions evaluation_loader(const TrainOptions& options);

} // namespace rih::learn
