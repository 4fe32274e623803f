// SPDX-License-Identifier: Apache-2.0
// Furnished rooms: walls with windows onto an outdoor place, lamps, and what belongs in a room of
// its kind.
#pragma once

#include "renderih/places/outdoor.h"

namespace rih {

enum class RoomKind { Living, Bedroom, Kitchen, Office, Workshop, Classroom, Hall, Bathroom };
inline constexpr std::array<std::string_view, 8> kRoomKinds{
    "living room", "bedroom", "kitchen", "office", "workshop", "classroom", "hall", "bathroom"};

PlaceScene make_room_scene(RoomKind kind, Hour hour, Rng& rng);

} // namespace rih
