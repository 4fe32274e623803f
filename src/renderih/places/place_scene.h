// SPDX-License-Identifier: Apache-2.0
// A place before it is rendered: one mesh with procedural materials, its lamps, the windows that
// light comes in by, and the sky over it.
#pragma once

#include "renderih/places/place_material.h"
#include "renderih/places/place_mesh.h"
#include "renderih/places/sky.h"

#include <vector>

namespace rih {

/// A shining ball, or a shining parallelogram where `radius` is 0. The mesh may hold its visible
/// form; that must have a material with `is_lamp`, or its light counts twice.
struct Lamp {
    Vec3f centre{}; ///< of the ball; a corner of the parallelogram
    float radius = 0;
    Vec3f side_a{}, side_b{}; ///< it shines to the side of side_a x side_b
    Vec3f radiance{};         ///< cd/m2
};

/// An opening in a room's wall; side_a x side_b points into the room.
struct WindowOpening {
    Vec3f corner, side_a, side_b;
};

struct PlaceScene {
    PlaceMesh mesh;
    std::vector<PlaceMaterial> materials;
    std::vector<bool> is_lamp; ///< by material
    std::vector<Lamp> lamps;
    /// A room: what lies within `room_low` .. `room_high` is lit from outside through the windows
    /// alone.
    bool is_room = false;
    Vec3f room_low, room_high;
    std::vector<WindowOpening> windows;
    SkyOptions sky;
    float visibility = 30000; ///< m, Koschmieder: where contrast is 2 %
    Vec3f eye{0, 1.4f, 0};

    int add(const PlaceMaterial& material, bool lamp = false) {
        materials.push_back(material);
        is_lamp.push_back(lamp);
        return static_cast<int>(materials.size()) - 1;
    }
    bool in_room(Vec3f p) const {
        return is_room && p.x > room_low.x && p.y > room_low.y && p.z > room_low.z &&
               p.x < room_high.x && p.y < room_high.y && p.z < room_high.z;
    }
};

} // namespace rih
