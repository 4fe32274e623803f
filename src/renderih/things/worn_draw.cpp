// SPDX-License-Identifier: Apache-2.0
#include "renderih/things/worn_draw.h"

#include "renderih/base/rng.h"
#include "renderih/things/bracelet.h"
#include "renderih/things/ring.h"
#include "renderih/things/sleeve.h"
#include "renderih/things/watch.h"

#include <algorithm>

namespace rih {

namespace {

/// Where rings are worn, in hundredths, by finger from the thumb on.
constexpr std::array<int, 5> kFingerShares{6, 24, 16, 44, 10};

int draw_finger(Rng& rng) {
    int left = static_cast<int>(rng.uniform_index(100));
    int finger = 0;
    while (left >= kFingerShares[static_cast<std::size_t>(finger)]) {
        left -= kFingerShares[static_cast<std::size_t>(finger)];
        ++finger;
    }
    return finger;
}

Side draw_side(Rng& rng, double left) {
    return rng.uniform() < left ? Side::Left : Side::Right;
}

void draw_rings(Rng& rng, std::vector<Thing>& things) {
    const double many = rng.uniform();
    const int count = many < 0.6 ? 1 : many < 0.88 ? 2 : 3;
    const std::size_t first = things.size();
    for (int i = 0; i < count; ++i) {
        const Side side = draw_side(rng, 0.55);
        const int finger = draw_finger(rng);
        const Thing ring = draw_ring(rng, side, finger);
        const bool taken =
            std::ranges::any_of(things.begin() + static_cast<std::ptrdiff_t>(first),
                                things.end(),
                                [&](const Thing& worn) {
                                    return worn.side == ring.side && worn.finger == ring.finger;
                                });
        if (!taken) {
            things.push_back(ring);
        }
    }
}

} // namespace

std::vector<Thing>
draw_worn(std::uint64_t seed, std::uint64_t pose_id, const WornOptions& options) {
    // Who wears what, in one stream; each thing's own numbers in another.
    Rng worn(seed, pose_id, "worn");
    const bool has_sleeves = worn.uniform() < options.sleeve;
    const bool has_watch = worn.uniform() < options.watch;
    const bool has_bracelet = worn.uniform() < options.bracelet;
    const bool has_rings = worn.uniform() < options.ring;
    const Side watch_side = draw_side(worn, 0.8);
    const Side free_side = watch_side == Side::Left ? Side::Right : Side::Left;
    const Side bracelet_side = draw_side(worn, 0.5);

    std::vector<Thing> at_wrists;
    if (has_watch) {
        Rng rng(seed, pose_id, "worn watch");
        const double position = rng.uniform(26, 38);
        at_wrists.push_back(draw_watch(rng, watch_side, position));
    }
    if (has_bracelet) { // not where a watch is
        Rng rng(seed, pose_id, "worn bracelet");
        const double position = rng.uniform(16, 44);
        at_wrists.push_back(draw_bracelet(rng, has_watch ? free_side : bracelet_side, position));
    }
    std::vector<Thing> things;
    if (has_sleeves) {
        double clear = 0; // mm up the arm, for both arms alike
        for (const Thing& thing : at_wrists) {
            const double half_width = thing.kind == ThingKind::Watch ? 22 : 6;
            clear = std::max(clear, thing.at("position_mm") + half_width);
        }
        Rng rng(seed, pose_id, "worn sleeve");
        for (const Thing& sleeve : draw_sleeves(rng, clear)) {
            things.push_back(sleeve);
        }
    }
    things.insert(things.end(), at_wrists.begin(), at_wrists.end());
    if (has_rings) {
        Rng rng(seed, pose_id, "worn ring");
        draw_rings(rng, things);
    }
    return things;
}

} // namespace rih
