// SPDX-License-Identifier: Apache-2.0
#include "renderih/things/thing.h"

#include "renderih/base/error.h"
#include "renderih/things/bracelet.h"
#include "renderih/things/ring.h"
#include "renderih/things/sleeve.h"
#include "renderih/things/watch.h"

namespace rih {

std::string_view name_of(ThingKind kind) {
    switch (kind) {
    case ThingKind::Sleeve:
        return "sleeve";
    case ThingKind::Ring:
        return "ring";
    case ThingKind::Bracelet:
        return "bracelet";
    case ThingKind::Watch:
        return "watch";
    }
    RIH_ASSERT(false, "a kind of thing that does not exist");
}

double Thing::at(const std::string& name) const {
    const auto found = numbers.find(name);
    RIH_ASSERT(found != numbers.end(), "a {} without {}", name_of(kind), name);
    return found->second;
}

SceneMesh mesh_of_thing(const Thing& thing, const std::array<PosedSurface, 2>& hands) {
    RIH_ASSERT(thing.side, "a {} on nobody's hand", name_of(thing.kind));
    const PosedSurface& hand = hands[static_cast<std::size_t>(index_of(*thing.side))];
    switch (thing.kind) {
    case ThingKind::Ring:
        return ring_mesh(thing, hand);
    case ThingKind::Sleeve:
        return sleeve_mesh(thing, hand);
    case ThingKind::Bracelet:
        return bracelet_mesh(thing, hand);
    case ThingKind::Watch:
        return watch_mesh(thing, hand);
    }
    RIH_ASSERT(false, "a thing that cannot be made");
}

} // namespace rih
