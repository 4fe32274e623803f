// SPDX-License-Identifier: Apache-2.0
#include "renderih/math/sampling.h"
#include "renderih/places/draws.h"
#include "renderih/places/room_builder.h"

#include <algorithm>

namespace rih {

Vec3f RoomBuilder::lamp_colour() {
    constexpr std::array<Vec3f, 4> kColours{
        {{1.42f, 0.93f, 0.42f}, {1.28f, 0.96f, 0.6f}, {1.1f, 0.98f, 0.84f}, {0.98f, 1.0f, 1.04f}}};
    return kColours[rng_.uniform_index(
        kind_ == RoomKind::Living || kind_ == RoomKind::Bedroom ? 2 : 4)];
}

int RoomBuilder::lamp_material(Vec3f radiance) {
    return scene_.add({.colour_a = {0.7f, 0.68f, 0.62f}, .emission = radiance},
                      luminance(radiance) > 0);
}

void RoomBuilder::ball(const Stand& stand, Vec3f centre, Vec3f radii, float lumen, Vec3f colour) {
    const float r = std::cbrt(radii.x * radii.y * radii.z);
    const Vec3f radiance = (lamps_on_ ? lumen / (4 * kPiF * kPiF * r * r) : 0) * colour;
    mesh_.pillow(stand, centre, radii, 0.9f, lamp_material(radiance));
    if (lamps_on_) {
        scene_.lamps.push_back(
            {.centre = stand.point(centre),
             .radius = std::max({radii.x, radii.y, radii.z}),
             .radiance =
                 (r * r / std::pow(std::max({radii.x, radii.y, radii.z}), 2.0f)) * radiance});
    }
}

void RoomBuilder::table_lamp(const Stand& stand) {
    mesh_.cylinder(stand, {}, {0, 0.02f, 0}, {0.07f, 0.06f}, 20, m_.metal);
    mesh_.cylinder(stand, {0, 0.02f, 0}, {0, 0.26f, 0}, {0.012f, 0.012f}, 10, m_.metal);
    ball(stand, {0, 0.34f, 0}, {0.12f, 0.1f, 0.12f}, 420, lamp_colour());
}

void RoomBuilder::lights() {
    const bool work = kind_ == RoomKind::Office || kind_ == RoomKind::Workshop ||
                      kind_ == RoomKind::Classroom || kind_ == RoomKind::Bathroom;
    const Vec3f colour = lamp_colour();
    if (work) {
        const int columns = std::max(1, static_cast<int>(width_ / 2.2f)),
                  rows = std::max(1, static_cast<int>(depth_ / 2.2f));
        const bool tubes = chance(rng_, 0.4f);
        const float wide = tubes ? 1.2f : 0.6f, deep = tubes ? 0.16f : 0.6f;
        const Vec3f radiance =
            (lamps_on_ ? between(rng_, 2000, 3600) / (kPiF * wide * deep) : 0) * colour;
        const int shining = lamp_material(radiance);
        for (int j = 0; j < rows; ++j) {
            for (int i = 0; i < columns; ++i) {
                const Stand at{{low_.x + width_ * (i + 0.5f) / columns,
                                floor_ + height_ - 0.05f,
                                low_.z + depth_ * (j + 0.5f) / rows},
                               0};
                mesh_.box(at,
                          {-0.5f * wide - 0.02f, 0.001f, -0.5f * deep - 0.02f},
                          {0.5f * wide + 0.02f, 0.055f, 0.5f * deep + 0.02f},
                          m_.white,
                          0.004f);
                mesh_.quad(
                    at, {-0.5f * wide, 0, -0.5f * deep}, {wide, 0, 0}, {0, 0, deep}, shining);
                if (lamps_on_) {
                    scene_.lamps.push_back(
                        {.centre = at.point({-0.5f * wide, -0.002f, -0.5f * deep}),
                         .side_a = {wide, 0, 0},
                         .side_b = {0, 0, deep},
                         .radiance = radiance});
                }
            }
        }
        return;
    }
    const int count = kind_ == RoomKind::Hall ? 4 : 1 + static_cast<int>(rng_.uniform_index(2));
    for (int i = 0; i < count; ++i) {
        const float x = low_.x + width_ * (i + 0.5f) / count,
                    z = low_.z + depth_ * between(rng_, 0.35f, 0.65f);
        const float drop = kind_ == RoomKind::Hall ? 1.4f : between(rng_, 0.35f, 0.7f),
                    r = between(rng_, 0.12f, 0.22f);
        const Stand at{{x, floor_ + height_, z}, 0};
        mesh_.cylinder(at, {0, -drop, 0}, {}, {0.004f, 0.004f}, 8, m_.dark);
        ball(at,
             {0, -drop, 0},
             {r, r * between(rng_, 0.6f, 1), r},
             kind_ == RoomKind::Hall ? 2600 : 1100,
             colour);
    }
    const Stand corner = before(window_side_, 0.95f, 0.4f);
    mesh_.cylinder(corner, {}, {0, 0.025f, 0}, {0.15f, 0.14f}, 24, m_.metal);
    mesh_.cylinder(corner, {0, 0.02f, 0}, {0, 1.5f, 0}, {0.012f, 0.012f}, 10, m_.metal);
    ball(corner, {0, 1.58f, 0}, {0.19f, 0.15f, 0.19f}, 900, lamp_colour());
}

} // namespace rih
