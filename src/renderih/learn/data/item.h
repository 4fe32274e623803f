// SPDX-License-Identifier: Apache-2.0
// One training item out of one record's picture and labels.
#pragma once

#include "renderih/learn/data/crop.h"
#include "renderih/learn/data/record_source.h"
#include "renderih/learn/data/training_item.h"

namespace rih::learn {

/// The crop of `picture` around the joints of both hands and its labels. A mirrored item's right
/// hand is the mirror image of the left one: both meshes must number their vertices alike
/// (`require_mirrored`). `vertex_count` is V, also of a hand that has no vertices.
/// With options.map_size > 0 the crop's maps of parts and depth come from labels.images; without
/// any, the parts are unknown.
TrainingItem make_item(const Image8& picture,
                       const PictureLabels& labels,
                       int vertex_count,
                       const CropOptions& options,
                       const Augmentation& augmentation);

/// Throws UserError unless the left mesh is nearly the right one's mirror image, vertex by vertex.
void require_mirrored(const std::array<HandMesh, 2>& meshes, const std::string& where);

} // namespace rih::learn
