// SPDX-License-Identifier: Apache-2.0
// What a pose's person wears, drawn and fitted to the posed hands. Generation and verification both
// ask here, each with hands of its own.
#pragma once

#include "renderih/dataset/record.h"
#include "renderih/pipeline/generate_options.h"
#include "renderih/pipeline/hand_surface.h"
#include "renderih/things/worn_fit.h"

#include <array>
#include <vector>

namespace rih {

/// `surfaces` and, posed, their `vertices` [R, 3] and `keypoints` [21, 3]: right, left, world.
std::vector<FittedThing> worn_things(const GenerateOptions& options,
                                     std::uint64_t pose_id,
                                     const std::vector<HandSurface>& surfaces,
                                     const std::array<Points, 2>& vertices,
                                     const std::array<Points, 2>& keypoints);

RecordThing record_thing(const Thing& thing);

} // namespace rih
