// SPDX-License-Identifier: Apache-2.0
// The door to libtorch: what needs it lies in a library of its own, which is opened when a command
// asks for it. The generator never loads libtorch, and a build without it differs in nothing else.
#pragma once

#include "renderih/learn/predict/predict.h"
#include "renderih/learn/train/profile.h"
#include "renderih/learn/train/train.h"

namespace rih::learn {

struct Engine {
    TrainResult (*train)(TrainRequest);
    TrainProfile (*profile_training)(const TrainRequest&, int);
    void (*predict)(const PredictRequest&);
    PredictionSet (*predict_dataset)(const DatasetPredictRequest&);
};

/// Throws UserError when this program was built without libtorch, or the library beside it cannot
/// be opened.
const Engine& engine();

} // namespace rih::learn
