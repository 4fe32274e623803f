// SPDX-License-Identifier: Apache-2.0
// Outdoor places: land, plants and buildings about the eye, under a sky of some hour.
#pragma once

#include "renderih/places/place_scene.h"

#include <array>
#include <string_view>

namespace rih {

enum class OutdoorKind {
    Meadow,
    Park,
    Forest,
    Desert,
    Snow,
    Lake,
    Street,
    Square,
    Suburb,
    Yard,
};
inline constexpr std::array<std::string_view, 10> kOutdoorKinds{
    "meadow", "park", "forest", "desert", "snow", "lake", "street", "square", "suburb", "yard"};

enum class Hour { Day, Slanting, Golden, Dusk, Overcast, Night };
inline constexpr std::array<std::string_view, 6> kHours{
    "day", "slanting sun", "golden hour", "dusk", "overcast", "night"};

/// Fills in sky and visibility.
void set_hour(PlaceScene& scene, Hour hour, bool in_town, Rng& rng);

/// Adds land and what stands on it; nothing but ground within `clear_radius` m of the origin.
void add_outdoors(PlaceScene& scene, OutdoorKind kind, Hour hour, float clear_radius, Rng& rng);

PlaceScene make_outdoor_scene(OutdoorKind kind, Hour hour, Rng& rng);

} // namespace rih
