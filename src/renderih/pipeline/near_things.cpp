// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/near_things.h"

namespace rih {

std::vector<NearThing> near_things(const GenerateOptions& options,
                                   std::uint64_t record_id,
                                   const Camera& camera,
                                   std::vector<const Points*> surfaces,
                                   const std::array<const Points*, 2>& keypoints) {
    return draw_near({options.image.table, options.image.wall},
                     options.seed,
                     record_id,
                     {std::move(surfaces), keypoints, camera});
}

RecordThing record_thing(const NearThing& thing) {
    return {thing.kind, "none", "", thing.numbers};
}

std::vector<NearThing> near_things_of(const Record& record) {
    std::vector<NearThing> things;
    for (const RecordThing& thing : record.appearance.things) {
        if (is_near_kind(thing.kind)) {
            things.push_back({thing.kind, thing.numbers});
        }
    }
    return things;
}

} // namespace rih
