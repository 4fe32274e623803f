// SPDX-License-Identifier: Apache-2.0
// Materials, walls, windows and doors.
#include "renderih/math/sampling.h"
#include "renderih/places/draws.h"
#include "renderih/places/room_builder.h"

#include <algorithm>

namespace rih {

namespace {

constexpr float kWall = 0.26f; // m thick

/// Light and dark of the grain: oak, walnut, beech, pine, white stained, ebonised.
constexpr std::array<std::array<Vec3f, 2>, 6> kWoods{
    {{{{0.42f, 0.27f, 0.14f}, {0.26f, 0.15f, 0.075f}}},
     {{{0.19f, 0.105f, 0.06f}, {0.095f, 0.05f, 0.03f}}},
     {{{0.5f, 0.33f, 0.2f}, {0.36f, 0.22f, 0.12f}}},
     {{{0.56f, 0.4f, 0.22f}, {0.42f, 0.25f, 0.11f}}},
     {{{0.58f, 0.53f, 0.46f}, {0.44f, 0.39f, 0.33f}}},
     {{{0.07f, 0.055f, 0.045f}, {0.035f, 0.027f, 0.022f}}}}};

} // namespace

int RoomBuilder::plain(Vec3f colour, float reflectance, float polish) {
    return scene_.add({.colour_a = colour,
                       .reflectance = reflectance,
                       .polish = polish,
                       .seed = rng_.next_u32()});
}

int RoomBuilder::wood(float polish) {
    const auto& pair = kWoods[rng_.uniform_index(kWoods.size())];
    return scene_.add({.pattern = Pattern::Wood,
                       .colour_a = pair[0],
                       .colour_b = pair[1],
                       .reflectance = 0.04f,
                       .polish = polish,
                       .relief = 1,
                       .seed = rng_.next_u32()});
}

int RoomBuilder::cloth(Vec3f colour) {
    return scene_.add({.pattern = Pattern::Fabric,
                       .colour_a = colour,
                       .size = between(rng_, 0.0015f, 0.006f),
                       .relief = 1,
                       .seed = rng_.next_u32()});
}

int RoomBuilder::plaster(Vec3f colour) {
    return scene_.add(
        {.pattern = Pattern::Plaster, .colour_a = colour, .relief = 1, .seed = rng_.next_u32()});
}

void RoomBuilder::materials() {
    m_.wood = wood(between(rng_, 0.2f, 0.7f));
    m_.second_wood = chance(rng_, 0.5f) ? m_.wood : wood(0.3f);
    m_.white = plain({0.75f, 0.75f, 0.73f}, 0.04f, 0.25f);
    m_.metal = scene_.add({.pattern = Pattern::Metal,
                           .colour_a = {0.3f, 0.3f, 0.3f},
                           .reflectance = 0.5f,
                           .polish = 0.6f});
    m_.fabric = cloth(one_of(kCloths, rng_));
    m_.second_fabric = cloth(one_of(kCloths, rng_));
    m_.cushion = cloth(one_of(kThings, rng_));
    m_.dark = plain({0.03f, 0.03f, 0.032f}, 0.04f, 0.3f);
    m_.ceramic =
        plain(chance(rng_, 0.5f) ? Vec3f{0.7f, 0.69f, 0.66f} : one_of(kThings, rng_), 0.05f, 0.7f);
    m_.leaf = scene_.add({.pattern = Pattern::Leaf,
                          .colour_a = {0.03f, 0.085f, 0.02f},
                          .colour_b = {0.07f, 0.14f, 0.03f},
                          .reflectance = 0.04f,
                          .polish = 0.3f,
                          .through = 0.2f});
    m_.glass = plain(
        chance(rng_, 0.5f) ? Vec3f{0.03f, 0.06f, 0.03f} : Vec3f{0.1f, 0.06f, 0.03f}, 0.05f, 0.95f);
    m_.linen = cloth({0.68f, 0.67f, 0.64f});
    m_.stone = scene_.add({.pattern = Pattern::Rock,
                           .colour_a = {0.3f, 0.3f, 0.3f},
                           .colour_b = {0.2f, 0.2f, 0.2f},
                           .reflectance = 0.04f,
                           .polish = 0.7f});
    m_.screen = scene_.add({.pattern = Pattern::Screen,
                            .colour_a = {0.02f, 0.02f, 0.02f},
                            .reflectance = 0.04f,
                            .polish = 0.6f,
                            .emission = chance(rng_, 0.7f)
                                            ? between(rng_, 80, 200) * Vec3f{0.85f, 0.98f, 1.15f}
                                            : Vec3f{},
                            .seed = rng_.next_u32()});
    for (std::size_t i = 0; i < m_.things.size(); ++i) {
        m_.things[i] = plain(between(rng_, 0.6f, 1.2f) * kThings[i], 0.04f, 0.2f);
    }
    const bool wet = kind_ == RoomKind::Bathroom;
    const bool rough = kind_ == RoomKind::Workshop;
    const Vec3f paint = one_of(kWallPaints, rng_);
    wall_ = plaster(rough ? Vec3f{0.6f, 0.59f, 0.56f} : paint);
    const int which = static_cast<int>(rng_.uniform_index(6));
    accent_ = which == 0   ? scene_.add({.pattern = Pattern::Brick,
                                         .colour_a = {0.34f, 0.16f, 0.1f},
                                         .colour_b = {0.42f, 0.4f, 0.37f},
                                         .size = 0.075f,
                                         .relief = 1,
                                         .seed = rng_.next_u32()})
              : which == 1 ? scene_.add({.pattern = Pattern::Stripes,
                                         .colour_a = paint,
                                         .colour_b = 0.8f * paint,
                                         .size = between(rng_, 0.06f, 0.2f),
                                         .relief = 1,
                                         .seed = rng_.next_u32()})
              : which == 2 ? plaster(one_of(kWallPaints, rng_))
              : which == 3 ? scene_.add({.pattern = Pattern::Concrete,
                                         .colour_a = {0.36f, 0.355f, 0.34f},
                                         .size = 1.2f,
                                         .relief = 1,
                                         .seed = rng_.next_u32()})
                           : wall_;
    tiles_ = scene_.add({.pattern = Pattern::Tiles,
                         .colour_a = one_of(kWallPaints, rng_),
                         .colour_b = {0.5f, 0.49f, 0.46f},
                         .size = between(rng_, 0.1f, 0.3f),
                         .reflectance = 0.04f,
                         .polish = 0.8f,
                         .relief = 1,
                         .seed = rng_.next_u32()});
    if (wet) {
        wall_ = chance(rng_, 0.6f) ? tiles_ : wall_;
        accent_ = tiles_;
    }
    const auto& boards = kWoods[rng_.uniform_index(5)];
    const int flooring = wet || kind_ == RoomKind::Kitchen ? 1
                         : rough                           ? 2
                         : kind_ == RoomKind::Office       ? (chance(rng_, 0.6f) ? 3 : 0)
                         : kind_ == RoomKind::Hall         ? 1
                                                           : (chance(rng_, 0.75f) ? 0 : 3);
    floor_material_ = flooring == 0   ? scene_.add({.pattern = Pattern::Planks,
                                                    .colour_a = boards[0],
                                                    .colour_b = boards[1],
                                                    .size = between(rng_, 0.08f, 0.2f),
                                                    .reflectance = 0.04f,
                                                    .polish = between(rng_, 0.2f, 0.75f),
                                                    .relief = 1,
                                                    .seed = rng_.next_u32()})
                      : flooring == 1 ? scene_.add({.pattern = Pattern::Tiles,
                                                    .colour_a = 0.75f * one_of(kWallPaints, rng_),
                                                    .colour_b = {0.3f, 0.29f, 0.27f},
                                                    .size = between(rng_, 0.3f, 0.8f),
                                                    .reflectance = 0.04f,
                                                    .polish = between(rng_, 0.5f, 0.85f),
                                                    .relief = 1,
                                                    .seed = rng_.next_u32()})
                      : flooring == 2 ? scene_.add({.pattern = Pattern::Concrete,
                                                    .colour_a = {0.3f, 0.295f, 0.28f},
                                                    .size = 3,
                                                    .reflectance = 0.03f,
                                                    .polish = 0.3f,
                                                    .relief = 1,
                                                    .seed = rng_.next_u32()})
                                      : scene_.add({.pattern = Pattern::Carpet,
                                                    .colour_a = 0.7f * one_of(kCloths, rng_),
                                                    .relief = 1,
                                                    .seed = rng_.next_u32()});
    ceiling_ = plaster({0.78f, 0.78f, 0.77f});
    trim_ = chance(rng_, 0.7f) ? m_.white : m_.wood;
}

void RoomBuilder::panel(const Stand& wall, float x0, float y0, float x1, float y1, int material) {
    if (x1 - x0 < 1e-4f || y1 - y0 < 1e-4f) {
        return;
    }
    const std::size_t first = mesh_.uv.size();
    mesh_.quad(wall, {x0, y0, 0}, {x1 - x0, 0, 0}, {0, y1 - y0, 0}, material);
    for (std::size_t v = first; v < mesh_.uv.size(); ++v) {
        mesh_.uv[v].x += x0;
        mesh_.uv[v].y += y0;
    }
}

void RoomBuilder::wall(int side, const std::vector<Opening>& openings, int material) {
    const Stand& stand = walls_[side];
    float x = 0;
    for (const Opening& o : openings) {
        panel(stand, x, 0, o.left, height_, material);
        panel(stand, o.left, 0, o.right, o.low, material);
        panel(stand, o.left, o.high, o.right, height_, material);
        x = o.right;
    }
    panel(stand, x, 0, lengths_[side], height_, material);
    // Skirting, but for what reaches the floor.
    x = 0;
    for (const Opening& o : openings) {
        if (o.low < 0.1f) {
            mesh_.box(stand, {x, 0, 0}, {o.left - 0.06f, 0.085f, 0.014f}, trim_, 0.003f);
            x = o.right + 0.06f;
        }
    }
    mesh_.box(stand, {x, 0, 0}, {lengths_[side], 0.085f, 0.014f}, trim_, 0.003f);
}

void RoomBuilder::window(int side, const Opening& o) {
    const Stand& stand = walls_[side];
    const float wide = o.right - o.left, high = o.high - o.low;
    // The reveal, lit from outside.
    mesh_.quad(stand, {o.left, o.low, -kWall}, {wide, 0, 0}, {0, 0, kWall}, m_.white);
    mesh_.quad(stand, {o.left, o.high, 0}, {wide, 0, 0}, {0, 0, -kWall}, m_.white);
    mesh_.quad(stand, {o.left, o.low, 0}, {0, high, 0}, {0, 0, -kWall}, m_.white);
    mesh_.quad(stand, {o.right, o.low, -kWall}, {0, high, 0}, {0, 0, kWall}, m_.white);
    const float bar = 0.055f, back = -0.17f, front = -0.1f;
    mesh_.box(stand, {o.left, o.low, back}, {o.right, o.low + bar, front}, trim_, 0.006f);
    mesh_.box(stand, {o.left, o.high - bar, back}, {o.right, o.high, front}, trim_, 0.006f);
    const int panes = std::max(1, static_cast<int>(std::lround(wide / 0.75f)));
    for (int i = 0; i <= panes; ++i) {
        const float x = o.left + wide * i / panes;
        const float half = i == 0 || i == panes ? bar : 0.035f;
        mesh_.box(stand,
                  {std::max(o.left, x - half), o.low, back},
                  {std::min(o.right, x + half), o.high, front},
                  trim_,
                  0.006f);
    }
    if (crossbar_) {
        const float y = o.low + 0.68f * high;
        mesh_.box(stand, {o.left, y - 0.02f, back}, {o.right, y + 0.02f, front}, trim_, 0.005f);
    }
    if (o.low > 0.2f) {
        mesh_.box(stand,
                  {o.left - 0.05f, o.low - 0.03f, -0.1f},
                  {o.right + 0.05f, o.low, 0.12f},
                  trim_,
                  0.006f);
        if (chance(rng_, 0.5f)) {
            add_plant(mesh_, stand.at({o.left + 0.3f * wide, o.low, 0.01f}), 0.3f, m_, rng_);
        }
        if (chance(rng_, 0.6f) && kind_ != RoomKind::Kitchen) {
            add_radiator(
                mesh_, stand.at({o.left + 0.5f * wide, 0, 0}), std::min(wide, 1.4f), m_.white);
        }
    }
    scene_.windows.push_back({stand.point({o.left, o.low, 0}),
                              stand.direction({wide, 0, 0}),
                              stand.direction({0, high, 0})});
    if (curtains_) {
        const float cloth_wide = between(rng_, 0.25f, 0.5f),
                    y = std::min(height_ - 0.1f, o.high + 0.14f);
        const float down = o.low > 0.3f && chance(rng_, 0.4f) ? o.low - 0.12f : 0.03f;
        add_curtain(mesh_,
                    stand.at({o.left - 0.12f - 0.4f * cloth_wide, down, 0.16f}),
                    cloth_wide,
                    y - down,
                    curtain_);
        add_curtain(mesh_,
                    stand.at({o.right + 0.12f - 0.6f * cloth_wide, down, 0.16f}),
                    cloth_wide,
                    y - down,
                    curtain_);
        mesh_.cylinder(stand,
                       {o.left - 0.4f, y + 0.02f, 0.16f},
                       {o.right + 0.4f, y + 0.02f, 0.16f},
                       {0.012f, 0.012f},
                       10,
                       m_.metal);
    }
}

void RoomBuilder::door(int side, const Opening& o) {
    const Stand& stand = walls_[side];
    mesh_.box(stand, {o.left, 0, -0.06f}, {o.right, o.high, -0.015f}, trim_, 0.003f);
    const float wide = o.right - o.left;
    for (int j = 0; j < 2; ++j) {
        const float low = j == 0 ? 0.2f : 1.1f, high = j == 0 ? 0.95f : 1.9f;
        mesh_.box(
            stand, {o.left + 0.13f, low, -0.02f}, {o.right - 0.13f, high, -0.006f}, trim_, 0.006f);
    }
    for (const float x : {o.left - 0.07f, o.right}) {
        mesh_.box(stand, {x, 0, -0.06f}, {x + 0.07f, o.high + 0.07f, 0.018f}, trim_, 0.004f);
    }
    mesh_.box(stand,
              {o.left - 0.07f, o.high, -0.06f},
              {o.right + 0.07f, o.high + 0.07f, 0.018f},
              trim_,
              0.004f);
    mesh_.cylinder(stand,
                   {o.left + 0.1f * wide, 1.02f, -0.015f},
                   {o.left + 0.1f * wide, 1.02f, 0.04f},
                   {0.01f, 0.01f},
                   10,
                   m_.metal);
    mesh_.cylinder(stand,
                   {o.left + 0.1f * wide, 1.02f, 0.035f},
                   {o.left + 0.24f * wide, 1.02f, 0.035f},
                   {0.009f, 0.009f},
                   10,
                   m_.metal);
}

void RoomBuilder::shell() {
    const Stand corner{low_, 0};
    // A little beyond the walls: under doors and to windows that reach it.
    mesh_.quad(corner,
               {-0.1f, 0, depth_ + 0.1f},
               {width_ + 0.2f, 0, 0},
               {0, 0, -depth_ - 0.2f},
               floor_material_);
    mesh_.quad(corner, {0, height_, 0}, {width_, 0, 0}, {0, 0, depth_}, ceiling_);
    if (chance(rng_, 0.35f)) { // beams
        const int count = 3 + static_cast<int>(rng_.uniform_index(3));
        for (int i = 0; i < count; ++i) {
            const float x = width_ * (i + 0.5f) / count;
            mesh_.box(corner,
                      {x - 0.07f, height_ - 0.16f, 0},
                      {x + 0.07f, height_ + 0.01f, depth_},
                      chance(rng_, 0.5f) ? m_.wood : m_.second_wood,
                      0.008f);
        }
    }
    crossbar_ = chance(rng_, 0.4f);
    curtains_ = kind_ != RoomKind::Workshop && kind_ != RoomKind::Hall && chance(rng_, 0.7f);
    curtain_ = cloth(chance(rng_, 0.4f) ? Vec3f{0.62f, 0.6f, 0.55f} : one_of(kCloths, rng_));
    window_side_ = static_cast<int>(rng_.uniform_index(4));
    // A second wall with windows, where no cupboards stand against it.
    const bool may_have_second = kind_ == RoomKind::Living || kind_ == RoomKind::Office ||
                                 kind_ == RoomKind::Classroom || kind_ == RoomKind::Hall;
    const int second = may_have_second && chance(rng_, 0.4f) ? (window_side_ + 1) % 4 : -1;
    door_side_ = (window_side_ + 2) % 4;
    const float sill = chance(rng_, 0.2f) ? 0.06f : between(rng_, 0.75f, 1.05f);
    const float lintel =
        std::min(height_ - 0.2f, between(rng_, 2.05f, 2.4f) + (kind_ == RoomKind::Hall ? 1 : 0));
    accent_side_ = static_cast<int>(rng_.uniform_index(4));
    for (int side = 0; side < 4; ++side) {
        std::vector<Opening> openings;
        if (side == window_side_ || side == second) {
            const float long_m = lengths_[side];
            const int count = 1 + static_cast<int>(rng_.uniform_index(long_m > 4.4f ? 3 : 2));
            const float pitch = long_m / count,
                        wide = std::min(pitch - 0.6f, between(rng_, 0.9f, 2.2f));
            for (int i = 0; i < count; ++i) {
                const float middle = pitch * (i + 0.5f);
                openings.push_back({middle - 0.5f * wide, middle + 0.5f * wide, sill, lintel});
            }
        } else if (side == door_side_) {
            const float x = lengths_[side] * between(rng_, 0.12f, 0.6f);
            openings.push_back({x, x + 0.86f, 0, 2.05f});
        }
        openings_[side] = openings;
        wall(side, openings, side == accent_side_ ? accent_ : wall_);
        for (const Opening& o : openings) {
            side == door_side_ ? door(side, o) : window(side, o);
        }
    }
}

} // namespace rih
