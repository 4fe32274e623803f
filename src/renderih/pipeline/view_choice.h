// SPDX-License-Identifier: Apache-2.0
// Where a record's camera stands: the tracks' places in turn or the owner's eyes, passing over
// those from which an arm would be seen to stop. Generation and verification both ask here, each
// with vertices of its own.
#pragma once

#include "renderih/dataset/record.h"
#include "renderih/hand/hand_model.h"
#include "renderih/pipeline/generate_options.h"
#include "renderih/scene/lens.h"
#include "renderih/scene/tracks.h"

#include <array>
#include <span>
#include <vector>

namespace rih {

/// Vertices where a model's forearm stops: within the last tenth of it, by the distance from the
/// wrist; none in a model without one.
std::vector<int> forearm_end(const HandModel& model);

/// A posed pair as far as cameras are chosen by it.
struct ViewSubject {
    Points keypoints;                  // [42, 3] right, left, world, m
    std::array<Points, 2> forearm_end; // [N, 3] each, world, m
};

/// `vertices` and `keypoints` [21, 3] of right and left, world; `ends` of forearm_end().
ViewSubject view_subject(const std::array<const Points*, 2>& vertices,
                         const std::array<const Points*, 2>& keypoints,
                         const std::array<std::vector<int>, 2>& ends);

View choose_view(const GenerateOptions& options,
                 std::uint64_t pose_id,
                 int view,
                 const ViewSubject& subject);

/// The lens of a record whose seed, number, camera and joints_in_cam are filled in.
LensDraw draw_lens_of(const Record& record, const ImageOptions& image);

} // namespace rih
