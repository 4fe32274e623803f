// SPDX-License-Identifier: Apache-2.0
// The simplest prediction there is: the mean of all training hands, whatever the picture shows. Its
// error is what a network has to beat.
#pragma once

#include "renderih/learn/data/record_source.h"
#include "renderih/learn/evaluation/prediction_set.h"

namespace rih::learn {

/// The mean vertices of each hand relative to its middle MCP, with the left hand's where the mean
/// vector from the right to the left middle MCP puts it. Throws UserError when `training` has a
/// hand without vertices.
std::array<PredictedHand, 2> mean_hands(const RecordSource& training, int threads = 0);

/// The same prediction for every record of `judged`.
PredictionSet predict_mean_hands(const std::array<PredictedHand, 2>& hands,
                                 const RecordSource& judged);

} // namespace rih::learn
