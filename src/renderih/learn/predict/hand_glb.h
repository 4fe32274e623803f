// SPDX-License-Identifier: Apache-2.0
// Predicted hands as binary glTF 2.0, which viewers, engines and browsers open.
#pragma once

#include "renderih/base/file.h"
#include "renderih/learn/predict/prediction_files.h"

namespace rih::learn {

/// Both hands: nodes "right" and "left" below one that turns the camera's axes (y down, z forward)
/// into glTF's (y up, z backward), so that glTF's own camera at the origin looks at them as the
/// picture's did. Metres, smooth normals.
Bytes hands_glb(const PicturedPrediction& prediction);

} // namespace rih::learn
