// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/catalogue.h"

#include "renderih/base/error.h"
#include "renderih/places/panorama.h"
#include "renderih/places/room.h"

#include <algorithm>
#include <array>

namespace rih {

namespace {

constexpr std::uint64_t kCatalogueSeed = 2023;

/// Of twelve places in a row.
constexpr std::array<Hour, 12> kHoursInTurn{Hour::Day,
                                            Hour::Slanting,
                                            Hour::Overcast,
                                            Hour::Golden,
                                            Hour::Night,
                                            Hour::Day,
                                            Hour::Slanting,
                                            Hour::Dusk,
                                            Hour::Overcast,
                                            Hour::Day,
                                            Hour::Golden,
                                            Hour::Night};

void check(int index) {
    RIH_REQUIRE(index >= 0 && index < kMaxPlaces,
                "place {} is not in the catalogue; it must lie in 0 .. {}",
                index,
                kMaxPlaces - 1);
}

struct Choice {
    bool indoor = false;
    std::size_t kind = 0;
    Hour hour = Hour::Day;
};

Choice choose(int index) {
    const auto turn = static_cast<std::size_t>(index / 2);
    Choice choice;
    choice.indoor = index % 2 == 0;
    const std::size_t kinds = choice.indoor ? kRoomKinds.size() : kOutdoorKinds.size();
    choice.kind = turn % kinds;
    // Every kind meets every hour: from one round to the next it moves on by 7 kinds + 3, which is
    // prime to 12 for 8 kinds and for 10.
    choice.hour = kHoursInTurn[(7 * turn + 3 * (turn / kinds) + (choice.indoor ? 5 : 0)) % 12];
    return choice;
}

PlaceScene scene_of(const Choice& choice, Rng& rng) {
    return choice.indoor
               ? make_room_scene(static_cast<RoomKind>(choice.kind), choice.hour, rng)
               : make_outdoor_scene(static_cast<OutdoorKind>(choice.kind), choice.hour, rng);
}

} // namespace

PlaceDescription describe_place(int index) {
    check(index);
    const Choice choice = choose(index);
    PlaceDescription description;
    description.indoor = choice.indoor;
    description.name = fmt::format("{}-{:04}", choice.indoor ? "room" : "outdoor", index);
    description.kind = choice.indoor ? kRoomKinds[choice.kind] : kOutdoorKinds[choice.kind];
    description.hour = kHours[static_cast<std::size_t>(choice.hour)];
    return description;
}

ImageF render_place(int index, const PlaceRendering& rendering) {
    check(index);
    Rng rng(kCatalogueSeed, static_cast<std::uint64_t>(index), "place");
    const PlaceScene scene = scene_of(choose(index), rng);
    // Through windows the sky is seen at half the sharpness, and mostly not at all.
    const int sky_width = rendering.width / (scene.is_room ? 4 : 2);
    const Sky sky(scene.sky, std::clamp(sky_width, 64, 2048), rendering.threads);
    const PlaceTracer tracer(scene, sky);
    PanoramaOptions options;
    options.width = rendering.width;
    options.paths = rendering.paths;
    options.threads = rendering.threads;
    options.seed = static_cast<std::uint64_t>(index);
    return render_panorama(tracer, options);
}

} // namespace rih
