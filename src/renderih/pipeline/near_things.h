// SPDX-License-Identifier: Apache-2.0
// What stands near the hands of a record: generation and verification both ask here, each with
// surfaces of its own.
#pragma once

#include "renderih/dataset/record.h"
#include "renderih/pipeline/generate_options.h"
#include "renderih/things/near_draw.h"

#include <vector>

namespace rih {

/// `surfaces` [V, 3] of hands, arms and what they wear, posed, and `keypoints` [21, 3]; world.
std::vector<NearThing> near_things(const GenerateOptions& options,
                                   std::uint64_t record_id,
                                   const Camera& camera,
                                   std::vector<const Points*> surfaces,
                                   const std::array<const Points*, 2>& keypoints);

RecordThing record_thing(const NearThing& thing);

/// Those of a record's things, which may come from a file.
std::vector<NearThing> near_things_of(const Record& record);

} // namespace rih
