// SPDX-License-Identifier: Apache-2.0
// A network judged on the batches of a split, as training does now and then: protocol P2 of
// docs/training.md, the paper's own.
#pragma once

#include "renderih/image/image.h"
#include "renderih/learn/data/batch_source.h"
#include "renderih/learn/losses/loss_options.h"
#include "renderih/learn/metrics/score_summary.h"
#include "renderih/learn/train/net_runner.h"

#include <vector>

namespace rih::learn {

struct NetEvaluation {
    double loss = 0;    ///< mean over the records, of the last epoch's terms
    GroupScores scores; ///< of all records, mm
    /// Of the first records: the crop with its labels' hands, and with the predicted ones.
    std::vector<Image8> pictures;
};

struct NetEvaluationOptions {
    int records = 0;  ///< the first so many; 0: all
    int pictures = 8; ///< of them are drawn
};

/// Reads `source`, which is in order and not augmented, from its start.
NetEvaluation evaluate_net(NetRunner& runner,
                           BatchSource& source,
                           const LossOptions& loss,
                           const NetEvaluationOptions& options);

} // namespace rih::learn
