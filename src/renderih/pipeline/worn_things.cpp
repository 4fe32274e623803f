// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/worn_things.h"

#include "renderih/things/worn_draw.h"

namespace rih {

std::vector<FittedThing> worn_things(const GenerateOptions& options,
                                     std::uint64_t pose_id,
                                     const std::vector<HandSurface>& surfaces,
                                     const std::array<Points, 2>& vertices,
                                     const std::array<Points, 2>& keypoints) {
    std::array<PosedSurface, 2> hands;
    for (const Side side : kSides) {
        const auto i = static_cast<std::size_t>(index_of(side));
        hands[i] = {side,
                    vertices[i],
                    &surfaces[i].triangles(),
                    &surfaces[i].part_of_triangle(),
                    keypoints[i]};
    }
    return fit_worn(draw_worn(options.seed, pose_id, worn_options(options.image)), hands);
}

RecordThing record_thing(const Thing& thing) {
    return {std::string(name_of(thing.kind)),
            std::string(thing.side ? name_of(*thing.side) : "none"),
            thing.finger ? std::string(kFingerNames[static_cast<std::size_t>(*thing.finger)]) : "",
            thing.numbers};
}

} // namespace rih
