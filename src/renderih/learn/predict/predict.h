// SPDX-License-Identifier: Apache-2.0
// A trained network on pictures: overlays, meshes and numbers for any other program; and on a data
// set's split, for the evaluator.
#pragma once

#include "renderih/learn/data/record_source.h"
#include "renderih/learn/evaluation/prediction_set.h"

#include <array>
#include <filesystem>
#include <optional>
#include <vector>

namespace rih::learn {

struct PredictRequest {
    std::filesystem::path checkpoint;
    HandPair hands; ///< that the checkpoint belongs to
    std::vector<std::filesystem::path> images;
    std::filesystem::path out;
    /// x, y, width, height around both hands' joints, continuous pixels, the same in every picture;
    /// none: the hands fill the picture as they fill a training crop.
    std::optional<std::array<double, 4>> box;
    int threads = 0; ///< 0: every core
};

/// Of a picture NAME.jpg, .png or .webp writes NAME.overlay.png, NAME.right.obj, NAME.left.obj and
/// NAME.json into `out`. Throws UserError for a checkpoint of other hands, for two pictures of one
/// NAME and for a picture that cannot be read; those before it are then written.
void predict(const PredictRequest& request);

struct DatasetPredictRequest {
    std::filesystem::path checkpoint;
    const RecordSource* source = nullptr;
    int batch = 32;
    int threads = 0; ///< 0: every core
};

/// What the network says of every record of the split, hands of a picture in one frame.
PredictionSet predict_dataset(const DatasetPredictRequest& request);

} // namespace rih::learn
