// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/room.h"

#include "renderih/math/sampling.h"
#include "renderih/places/furniture.h"

#include <algorithm>
#include <vector>

namespace rih {

namespace {

constexpr float kWall = 0.26f; // m thick

float between(Rng& rng, float low, float high) {
    return low + (high - low) * rng.uniform_float();
}

bool chance(Rng& rng, float p) {
    return rng.uniform_float() < p;
}

template <typename T, std::size_t N>
T one_of(const std::array<T, N>& list, Rng& rng) {
    return list[rng.uniform_index(N)];
}

constexpr std::array<Vec3f, 10> kPaints{{{0.78f, 0.77f, 0.74f},
                                         {0.72f, 0.68f, 0.6f},
                                         {0.62f, 0.64f, 0.63f},
                                         {0.45f, 0.52f, 0.5f},
                                         {0.5f, 0.42f, 0.36f},
                                         {0.3f, 0.36f, 0.42f},
                                         {0.62f, 0.5f, 0.34f},
                                         {0.3f, 0.35f, 0.27f},
                                         {0.55f, 0.38f, 0.33f},
                                         {0.8f, 0.79f, 0.78f}}};
/// Light and dark of the grain: oak, walnut, beech, pine, white stained, ebonised.
constexpr std::array<std::array<Vec3f, 2>, 6> kWoods{
    {{{{0.42f, 0.27f, 0.14f}, {0.26f, 0.15f, 0.075f}}},
     {{{0.19f, 0.105f, 0.06f}, {0.095f, 0.05f, 0.03f}}},
     {{{0.5f, 0.33f, 0.2f}, {0.36f, 0.22f, 0.12f}}},
     {{{0.56f, 0.4f, 0.22f}, {0.42f, 0.25f, 0.11f}}},
     {{{0.58f, 0.53f, 0.46f}, {0.44f, 0.39f, 0.33f}}},
     {{{0.07f, 0.055f, 0.045f}, {0.035f, 0.027f, 0.022f}}}}};
constexpr std::array<Vec3f, 9> kCloths{{{0.22f, 0.22f, 0.23f},
                                        {0.45f, 0.4f, 0.33f},
                                        {0.09f, 0.13f, 0.2f},
                                        {0.28f, 0.09f, 0.07f},
                                        {0.13f, 0.19f, 0.13f},
                                        {0.5f, 0.34f, 0.1f},
                                        {0.55f, 0.53f, 0.5f},
                                        {0.3f, 0.2f, 0.14f},
                                        {0.2f, 0.3f, 0.33f}}};
constexpr std::array<Vec3f, 8> kThings{{{0.5f, 0.06f, 0.05f},
                                        {0.06f, 0.12f, 0.3f},
                                        {0.08f, 0.22f, 0.12f},
                                        {0.6f, 0.55f, 0.45f},
                                        {0.1f, 0.09f, 0.085f},
                                        {0.55f, 0.36f, 0.06f},
                                        {0.33f, 0.2f, 0.14f},
                                        {0.45f, 0.47f, 0.5f}}};

/// A hole in a wall, in the wall's own metres.
struct Opening {
    float left, right, low, high;
};

class RoomBuilder {
  public:
    RoomBuilder(PlaceScene& scene, RoomKind kind, Hour hour, Rng& rng)
        : scene_(scene), mesh_(scene.mesh), kind_(kind), rng_(rng) {
        const bool big = kind == RoomKind::Classroom || kind == RoomKind::Hall;
        const bool small = kind == RoomKind::Bathroom;
        const float scale = big ? 1.7f : (small ? 0.75f : 1.0f);
        width_ = scale * between(rng, 3.6f, 5.8f);
        depth_ = scale * between(rng, 3.4f, 5.4f);
        height_ = kind == RoomKind::Hall ? between(rng, 3.6f, 5.2f) : between(rng, 2.4f, 3.1f);
        dark_outside_ = hour == Hour::Night || hour == Hour::Dusk;
        lamps_on_ = dark_outside_ || chance(rng, hour == Hour::Overcast ? 0.7f : 0.4f);
        materials();
    }

    void build() {
        // The eye stands off the middle of the room.
        const float left = -width_ * between(rng_, 0.36f, 0.64f);
        const float back = -depth_ * between(rng_, 0.36f, 0.64f);
        floor_ = (chance(rng_, 0.55f) ? 0.35f : 0.35f + 3 * (1 + rng_.uniform_index(4)));
        low_ = {left, floor_, back};
        const Vec3f high = low_ + Vec3f{width_, height_, depth_};
        scene_.eye = {0, floor_ + between(rng_, 1.1f, 1.6f), 0};
        scene_.is_room = true;
        scene_.room_low = low_ - Vec3f{0.06f, 0.06f, 0.06f};
        scene_.room_high = high + Vec3f{0.06f, 0.06f, 0.06f};
        // Walls by their left ends, seen from inside.
        constexpr float kQuarter = 0.5f * kPiF;
        walls_[0] = {{low_.x, floor_, low_.z}, 0};
        walls_[1] = {{low_.x, floor_, high.z}, kQuarter};
        walls_[2] = {{high.x, floor_, high.z}, 2 * kQuarter};
        walls_[3] = {{high.x, floor_, low_.z}, 3 * kQuarter};
        for (int i = 0; i < 4; ++i) {
            lengths_[i] = i % 2 == 0 ? width_ : depth_;
        }
        shell();
        furnish();
        lights();
    }

  private:
    int plain(Vec3f colour, float reflectance = 0, float polish = 0) {
        return scene_.add({.colour_a = colour,
                           .reflectance = reflectance,
                           .polish = polish,
                           .seed = rng_.next_u32()});
    }
    int wood(float polish) {
        const auto& pair = kWoods[rng_.uniform_index(kWoods.size())];
        return scene_.add({.pattern = Pattern::Wood,
                           .colour_a = pair[0],
                           .colour_b = pair[1],
                           .reflectance = 0.04f,
                           .polish = polish,
                           .relief = 1,
                           .seed = rng_.next_u32()});
    }
    int cloth(Vec3f colour) {
        return scene_.add({.pattern = Pattern::Fabric,
                           .colour_a = colour,
                           .size = between(rng_, 0.0015f, 0.006f),
                           .relief = 1,
                           .seed = rng_.next_u32()});
    }
    int plaster(Vec3f colour) {
        return scene_.add({.pattern = Pattern::Plaster,
                           .colour_a = colour,
                           .relief = 1,
                           .seed = rng_.next_u32()});
    }

    void materials() {
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
        m_.ceramic = plain(
            chance(rng_, 0.5f) ? Vec3f{0.7f, 0.69f, 0.66f} : one_of(kThings, rng_), 0.05f, 0.7f);
        m_.leaf = scene_.add({.pattern = Pattern::Leaf,
                              .colour_a = {0.03f, 0.085f, 0.02f},
                              .colour_b = {0.07f, 0.14f, 0.03f},
                              .reflectance = 0.04f,
                              .polish = 0.3f,
                              .through = 0.2f});
        m_.glass =
            plain(chance(rng_, 0.5f) ? Vec3f{0.03f, 0.06f, 0.03f} : Vec3f{0.1f, 0.06f, 0.03f},
                  0.05f,
                  0.95f);
        m_.linen = cloth({0.68f, 0.67f, 0.64f});
        m_.stone = scene_.add({.pattern = Pattern::Rock,
                               .colour_a = {0.3f, 0.3f, 0.3f},
                               .colour_b = {0.2f, 0.2f, 0.2f},
                               .reflectance = 0.04f,
                               .polish = 0.7f});
        m_.screen = scene_.add(
            {.pattern = Pattern::Screen,
             .colour_a = {0.02f, 0.02f, 0.02f},
             .reflectance = 0.04f,
             .polish = 0.6f,
             .emission =
                 chance(rng_, 0.7f) ? between(rng_, 80, 200) * Vec3f{0.85f, 0.98f, 1.15f} : Vec3f{},
             .seed = rng_.next_u32()});
        for (std::size_t i = 0; i < m_.things.size(); ++i) {
            m_.things[i] = plain(between(rng_, 0.6f, 1.2f) * kThings[i], 0.04f, 0.2f);
        }
        const bool wet = kind_ == RoomKind::Bathroom;
        const bool rough = kind_ == RoomKind::Workshop;
        const Vec3f paint = one_of(kPaints, rng_);
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
                  : which == 2 ? plaster(one_of(kPaints, rng_))
                  : which == 3 ? scene_.add({.pattern = Pattern::Concrete,
                                             .colour_a = {0.36f, 0.355f, 0.34f},
                                             .size = 1.2f,
                                             .relief = 1,
                                             .seed = rng_.next_u32()})
                               : wall_;
        tiles_ = scene_.add({.pattern = Pattern::Tiles,
                             .colour_a = one_of(kPaints, rng_),
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
                                                        .colour_a = 0.75f * one_of(kPaints, rng_),
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

    /// A rectangle of a wall, with the wall's own texture coordinates.
    void panel(const Stand& wall, float x0, float y0, float x1, float y1, int material) {
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

    void wall(int side, const std::vector<Opening>& openings, int material) {
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

    void window(int side, const Opening& o) {
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

    void door(int side, const Opening& o) {
        const Stand& stand = walls_[side];
        mesh_.box(stand, {o.left, 0, -0.06f}, {o.right, o.high, -0.015f}, trim_, 0.003f);
        const float wide = o.right - o.left;
        for (int j = 0; j < 2; ++j) {
            const float low = j == 0 ? 0.2f : 1.1f, high = j == 0 ? 0.95f : 1.9f;
            mesh_.box(stand,
                      {o.left + 0.13f, low, -0.02f},
                      {o.right - 0.13f, high, -0.006f},
                      trim_,
                      0.006f);
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

    void shell() {
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
        const float lintel = std::min(
            height_ - 0.2f, between(rng_, 2.05f, 2.4f) + (kind_ == RoomKind::Hall ? 1 : 0));
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

    /// A stand before a wall, its back to it.
    Stand before(int side, float along, float away) const {
        return walls_[side].at({along * lengths_[side], 0, away});
    }
    /// Whether something of this radius would stand in the eye's way.
    bool is_free(const Stand& stand, float radius) const {
        const float x = stand.origin.x - scene_.eye.x, z = stand.origin.z - scene_.eye.z;
        return std::sqrt(x * x + z * z) > radius + 0.55f;
    }

    /// Whether a window or door lies between two places along a wall.
    bool has_opening(int side, float from, float to) const {
        for (const Opening& o : openings_[side]) {
            if (o.right + 0.2f > from && o.left - 0.2f < to) {
                return true;
            }
        }
        return false;
    }

    void pictures(int side, int count) {
        for (int i = 0; i < count; ++i) {
            const float along = (i + between(rng_, 0.3f, 0.7f)) / count;
            const float wide = between(rng_, 0.3f, 1.0f), high = between(rng_, 0.3f, 0.8f);
            const float middle = along * lengths_[side];
            if (has_opening(side, middle - 0.5f * wide, middle + 0.5f * wide)) {
                continue;
            }
            const int canvas = scene_.add({.pattern = Pattern::Picture,
                                           .colour_a = one_of(kThings, rng_),
                                           .colour_b = one_of(kPaints, rng_),
                                           .relief = 0,
                                           .seed = rng_.next_u32()});
            add_picture(mesh_,
                        before(side, along, 0.001f).at({0, between(rng_, 1.25f, 1.5f), 0}),
                        wide,
                        high,
                        chance(rng_, 0.5f) ? m_.dark : m_.wood,
                        canvas);
        }
    }
    void dining(float x, float z) {
        const Stand at{{x, floor_, z}, kPiF * rng_.uniform_float()};
        const float wide = between(rng_, 1.1f, 1.7f);
        if (!is_free(at, 0.55f * wide)) {
            return;
        }
        add_table(mesh_, at, {wide, 0.74f, 0.8f}, m_.wood, chance(rng_, 0.3f) ? m_.white : m_.wood);
        add_clutter(mesh_, at.at({0, 0.74f, 0}), 0.8f * wide, 0.5f, m_, rng_);
        for (const float side : {-1.0f, 1.0f}) {
            for (const float cx : {-0.3f * wide, 0.3f * wide}) {
                const Stand chair =
                    at.at({cx, 0, side * between(rng_, 0.45f, 0.7f)}, side > 0 ? kPiF : 0);
                if (is_free(chair, 0.2f)) {
                    add_chair(mesh_,
                              chair.at({}, between(rng_, -0.3f, 0.3f)),
                              m_.second_wood,
                              m_.second_wood);
                }
            }
        }
    }
    void rug(float x, float z, float wide, float deep) {
        const int material =
            scene_.add({.pattern = chance(rng_, 0.6f) ? Pattern::Rug : Pattern::Carpet,
                        .colour_a = one_of(kCloths, rng_),
                        .colour_b = one_of(kThings, rng_),
                        .size = between(rng_, 0.12f, 0.35f),
                        .relief = 1,
                        .seed = rng_.next_u32()});
        mesh_.box({{x, floor_, z}, 0},
                  {-0.5f * wide, 0, -0.5f * deep},
                  {0.5f * wide, 0.012f, 0.5f * deep},
                  material,
                  0.004f);
    }
    /// The wall that is neither windowed nor has the door, and the other one.
    int quiet_side(int which) const {
        const int a = (window_side_ + 1) % 4, b = (window_side_ + 3) % 4;
        return which == 0 ? a : b;
    }

    void furnish() {
        const float cx = low_.x + 0.5f * width_, cz = low_.z + 0.5f * depth_;
        const int a = quiet_side(0), b = quiet_side(1);
        switch (kind_) {
        case RoomKind::Living: {
            const Stand sofa = before(a, 0.5f, 0.06f);
            add_sofa(mesh_, sofa, between(rng_, 1.5f, 2.3f), m_, rng_);
            rug(cx, cz, between(rng_, 1.6f, 2.6f), between(rng_, 1.2f, 2));
            const Stand low_table = before(a, 0.5f, 1.45f);
            if (is_free(low_table, 0.4f)) {
                add_table(mesh_, low_table, {1, 0.42f, 0.55f}, m_.wood, m_.wood);
                add_clutter(mesh_, low_table.at({0, 0.42f, 0}), 0.9f, 0.45f, m_, rng_);
            }
            const Stand stand = before(b, 0.5f, 0.02f);
            add_cupboard(mesh_, stand, {1.5f, 0.5f, 0.42f}, 3, 1, m_.second_wood, m_.metal);
            add_monitor(mesh_, stand.at({0, 0.5f, 0.2f}), 1.1f, m_);
            add_shelf(
                mesh_, before(b, 0.14f, 0.01f), {0.8f, between(rng_, 1.6f, 2.1f), 0.3f}, m_, rng_);
            pictures(a, 2);
            add_plant(
                mesh_, before(window_side_, 0.06f, 0.35f), between(rng_, 0.8f, 1.5f), m_, rng_);
            dining(cx + 0.3f * width_, cz + 0.28f * depth_);
            break;
        }
        case RoomKind::Bedroom: {
            const Stand bed = before(a, 0.45f, 0.03f);
            add_bed(mesh_, bed, chance(rng_, 0.6f) ? 1.6f : 1, m_, rng_);
            for (const float side : {-1.15f, 1.15f}) {
                add_cupboard(mesh_,
                             bed.at({side, 0, 0}),
                             {0.45f, 0.48f, 0.38f},
                             1,
                             2,
                             m_.second_wood,
                             m_.metal);
                table_lamp(bed.at({side, 0.48f, 0.18f}));
            }
            add_cupboard(mesh_,
                         before(b, 0.6f, 0.01f),
                         {1.6f, 2.05f, 0.58f},
                         3,
                         1,
                         chance(rng_, 0.5f) ? m_.white : m_.second_wood,
                         m_.metal);
            rug(cx, cz, 1.8f, 1.3f);
            pictures(a, 2);
            pictures(door_side_, 1);
            add_chair(mesh_, before(window_side_, 0.12f, 0.5f), m_.second_wood, m_.second_wood);
            add_plant(
                mesh_, before(window_side_, 0.93f, 0.35f), between(rng_, 0.6f, 1.3f), m_, rng_);
            break;
        }
        case RoomKind::Kitchen: {
            const int fronts =
                chance(rng_, 0.5f)
                    ? m_.white
                    : (chance(rng_, 0.5f) ? m_.second_wood
                                          : plain(0.6f * one_of(kPaints, rng_), 0.04f, 0.3f));
            const float run = lengths_[a] - 0.9f;
            const Stand counter = walls_[a].at({0.5f * run + 0.05f, 0, 0});
            const int doors = std::max(3, static_cast<int>(run / 0.55f));
            add_cupboard(mesh_, counter, {run, 0.87f, 0.6f}, doors, 1, fronts, m_.metal);
            mesh_.box(counter,
                      {-0.5f * run, 0.87f, 0},
                      {0.5f * run, 0.91f, 0.63f},
                      chance(rng_, 0.5f) ? m_.stone : m_.wood,
                      0.004f);
            const std::size_t first = mesh_.uv.size();
            mesh_.quad(counter, {-0.5f * run, 0.91f, 0.004f}, {run, 0, 0}, {0, 0.54f, 0}, tiles_);
            static_cast<void>(first);
            add_cupboard(
                mesh_, counter.at({0, 1.4f, 0}), {run, 0.72f, 0.34f}, doors, 1, fronts, m_.metal);
            add_clutter(mesh_, counter.at({0.1f * run, 0.91f, 0.3f}), 0.75f * run, 0.4f, m_, rng_);
            mesh_.box(counter,
                      {-0.3f * run, 0.9f, 0.1f},
                      {-0.3f * run + 0.55f, 0.916f, 0.52f},
                      m_.dark,
                      0.003f); // hob
            mesh_.box(counter,
                      {0.2f * run, 0.8f, 0.12f},
                      {0.2f * run + 0.5f, 0.914f, 0.5f},
                      m_.metal,
                      0.004f); // sink
            mesh_.cylinder(counter,
                           {0.2f * run + 0.25f, 0.91f, 0.08f},
                           {0.2f * run + 0.25f, 1.2f, 0.08f},
                           {0.014f, 0.014f},
                           10,
                           m_.metal);
            mesh_.cylinder(counter,
                           {0.2f * run + 0.25f, 1.2f, 0.08f},
                           {0.2f * run + 0.25f, 1.18f, 0.28f},
                           {0.012f, 0.012f},
                           10,
                           m_.metal);
            add_cupboard(mesh_,
                         walls_[a].at({run + 0.5f, 0, 0}),
                         {0.62f, 1.85f, 0.62f},
                         1,
                         2,
                         chance(rng_, 0.5f) ? m_.metal : m_.white,
                         m_.metal);
            dining(cx + between(rng_, -0.2f, 0.2f) * width_, cz + 0.26f * depth_);
            dining(cx - 0.28f * width_, cz - 0.2f * depth_);
            add_shelf(mesh_, before(b, 0.3f, 0.01f), {1, 1.3f, 0.28f}, m_, rng_);
            pictures(b, 2);
            break;
        }
        case RoomKind::Office: {
            for (const int side : {a, b}) {
                const int count = std::max(1, static_cast<int>(lengths_[side] / 1.9f));
                for (int i = 0; i < count; ++i) {
                    const Stand desk = before(side, (i + 0.5f) / count, 0.42f);
                    add_table(mesh_,
                              desk,
                              {1.5f, 0.73f, 0.75f},
                              chance(rng_, 0.5f) ? m_.white : m_.wood,
                              m_.metal);
                    add_monitor(mesh_,
                                desk.at({between(rng_, -0.2f, 0.2f), 0.73f, -0.15f}),
                                between(rng_, 0.5f, 0.66f),
                                m_);
                    mesh_.box(desk, {-0.22f, 0.73f, 0.1f}, {0.22f, 0.75f, 0.24f}, m_.dark, 0.004f);
                    add_clutter(mesh_, desk.at({0.5f, 0.73f, 0.05f}), 0.45f, 0.4f, m_, rng_);
                    const Stand chair = desk.at({0, 0, 0.75f}, kPiF + between(rng_, -0.6f, 0.6f));
                    if (is_free(chair, 0.3f)) {
                        add_office_chair(mesh_, chair, m_);
                    }
                }
            }
            add_shelf(mesh_, before(door_side_, 0.85f, 0.01f), {1, 1.9f, 0.34f}, m_, rng_);
            add_plant(mesh_, before(window_side_, 0.05f, 0.4f), 1.2f, m_, rng_);
            if (!has_opening(a, 0.5f * lengths_[a] - 0.9f, 0.5f * lengths_[a] + 0.9f)) {
                add_picture(mesh_,
                            before(a, 0.5f, 0.001f).at({0, 1.3f, 0}),
                            1.6f,
                            0.9f,
                            m_.metal,
                            m_.white);
            }
            pictures(door_side_, 1);
            break;
        }
        case RoomKind::Workshop: {
            const Stand bench = before(a, 0.5f, 0.38f);
            add_table(mesh_, bench, {0.8f * lengths_[a], 0.88f, 0.7f}, m_.wood, m_.wood);
            add_clutter(mesh_, bench.at({0, 0.88f, 0}), 0.7f * lengths_[a], 0.5f, m_, rng_);
            const Stand board = before(a, 0.5f, 0.001f).at({0, 1.25f, 0});
            mesh_.box(board,
                      {-0.35f * lengths_[a], 0, 0},
                      {0.35f * lengths_[a], 0.8f, 0.015f},
                      m_.second_wood,
                      0.002f);
            for (int i = 0; i < 14; ++i) { // tools on their hooks
                const float x = lengths_[a] * (0.7f * (i + 0.5f) / 14 - 0.35f),
                            long_m = between(rng_, 0.15f, 0.4f);
                const float top = 0.72f - 0.2f * rng_.uniform_float();
                mesh_.box(board,
                          {x - 0.012f, top - long_m, 0.02f},
                          {x + 0.012f, top, 0.04f},
                          chance(rng_, 0.5f) ? m_.metal : m_.things[i % 8],
                          0.005f);
                mesh_.box(board,
                          {x - 0.03f, top - 0.03f, 0.018f},
                          {x + 0.03f, top + 0.02f, 0.045f},
                          m_.metal,
                          0.006f);
            }
            for (int i = 0; i < 2; ++i) {
                add_shelf(mesh_, before(b, 0.25f + 0.5f * i, 0.01f), {1.4f, 1.9f, 0.5f}, m_, rng_);
            }
            for (int i = 0; i < 7; ++i) {
                const Stand at{{low_.x + width_ * between(rng_, 0.1f, 0.9f),
                                floor_,
                                low_.z + depth_ * between(rng_, 0.1f, 0.9f)},
                               kTwoPiF * rng_.uniform_float()};
                const float s = between(rng_, 0.25f, 0.5f);
                if (is_free(at, 0.9f * s)) {
                    mesh_.box(at,
                              {-s, 0, -0.7f * s},
                              {s, s, 0.7f * s},
                              i % 2 == 0 ? m_.things[6] : m_.things[i],
                              0.006f);
                }
            }
            break;
        }
        case RoomKind::Classroom: {
            const int rows = std::max(2, static_cast<int>(depth_ / 1.6f)),
                      columns = std::max(2, static_cast<int>(width_ / 1.9f));
            for (int j = 0; j < rows; ++j) {
                for (int i = 0; i < columns; ++i) {
                    const Stand desk{{low_.x + width_ * (i + 0.5f) / columns,
                                      floor_,
                                      low_.z + depth_ * (j + 0.55f) / rows},
                                     0};
                    if (!is_free(desk, 0.65f)) {
                        continue;
                    }
                    add_table(mesh_, desk, {1.25f, 0.73f, 0.55f}, m_.wood, m_.metal);
                    if (chance(rng_, 0.6f)) {
                        add_clutter(mesh_, desk.at({0, 0.73f, 0}), 1, 0.35f, m_, rng_);
                    }
                    for (const float x : {-0.3f, 0.3f}) {
                        const Stand chair =
                            desk.at({x, 0, 0.5f}, kPiF + between(rng_, -0.4f, 0.4f));
                        if (is_free(chair, 0.22f)) {
                            add_chair(mesh_, chair, m_.second_wood, m_.metal);
                        }
                    }
                }
            }
            const int board = chance(rng_, 0.5f) ? m_.white : plain({0.02f, 0.05f, 0.035f});
            add_picture(
                mesh_, before(b, 0.5f, 0.001f).at({0, 0.95f, 0}), 3, 1.25f, m_.metal, board);
            add_shelf(mesh_, before(door_side_, 0.88f, 0.01f), {0.9f, 1.7f, 0.35f}, m_, rng_);
            pictures(a, 3);
            break;
        }
        case RoomKind::Hall: {
            for (int i = 0; i < 4; ++i) {
                const float x = low_.x + width_ * (i % 2 == 0 ? 0.22f : 0.78f),
                            z = low_.z + depth_ * (i < 2 ? 0.25f : 0.75f);
                const Stand foot{{x, floor_, z}, 0};
                if (is_free(foot, 0.4f)) {
                    mesh_.cylinder(foot, {}, {0, height_, 0}, {0.24f, 0.22f}, 36, m_.stone);
                    mesh_.box(foot, {-0.34f, 0, -0.34f}, {0.34f, 0.22f, 0.34f}, m_.stone, 0.02f);
                    mesh_.box(foot,
                              {-0.34f, height_ - 0.25f, -0.34f},
                              {0.34f, height_, 0.34f},
                              m_.stone,
                              0.02f);
                }
            }
            for (const int side : {a, b}) {
                add_sofa(mesh_, before(side, 0.3f, 0.08f), 1.9f, m_, rng_);
                add_plant(mesh_, before(side, 0.62f, 0.5f), 1.7f, m_, rng_);
                pictures(side, 3);
            }
            const Stand desk{{cx, floor_, cz - 0.3f * depth_}, 0};
            if (is_free(desk, 1.2f)) {
                mesh_.box(desk, {-1.2f, 0, -0.3f}, {1.2f, 1.05f, 0.3f}, m_.wood, 0.01f);
                mesh_.box(desk, {-1.3f, 1.05f, -0.4f}, {1.3f, 1.1f, 0.35f}, m_.stone, 0.008f);
                add_clutter(mesh_, desk.at({0, 1.1f, 0}), 2, 0.4f, m_, rng_);
            }
            rug(cx, cz, 3, 2.4f);
            break;
        }
        case RoomKind::Bathroom: {
            const Stand basin = before(a, 0.35f, 0.01f);
            add_cupboard(mesh_, basin, {0.9f, 0.8f, 0.46f}, 2, 1, m_.second_wood, m_.metal);
            mesh_.box(basin, {-0.47f, 0.8f, 0}, {0.47f, 0.85f, 0.49f}, m_.ceramic, 0.015f);
            mesh_.pillow(basin, {0, 0.9f, 0.25f}, {0.26f, 0.06f, 0.18f}, 0.7f, m_.ceramic);
            mesh_.cylinder(
                basin, {0, 0.85f, 0.06f}, {0, 1.08f, 0.06f}, {0.016f, 0.014f}, 12, m_.metal);
            mesh_.cylinder(
                basin, {0, 1.08f, 0.06f}, {0, 1.06f, 0.2f}, {0.014f, 0.012f}, 12, m_.metal);
            const int mirror = plain({0.02f, 0.02f, 0.02f}, 0.9f, 1);
            add_picture(mesh_, basin.at({0, 1.15f, 0}), 0.85f, 0.8f, m_.metal, mirror);
            const Stand tub = before(b, 0.5f, 0.42f);
            if (is_free(tub, 0.7f)) {
                mesh_.box(tub, {-0.85f, 0, -0.4f}, {0.85f, 0.5f, 0.38f}, m_.ceramic, 0.05f);
                mesh_.box(tub, {-0.75f, 0.49f, -0.3f}, {0.75f, 0.52f, 0.28f}, m_.white, 0.03f);
            }
            add_shelf(mesh_, before(a, 0.85f, 0.01f), {0.5f, 1.6f, 0.3f}, m_, rng_);
            const Stand towel = before(door_side_, 0.9f, 0.05f).at({0, 0.75f, 0});
            add_curtain(mesh_, towel.at({-0.25f, 0, 0}), 0.5f, 0.75f, m_.cushion);
            add_plant(mesh_, before(window_side_, 0.1f, 0.25f), 0.6f, m_, rng_);
            break;
        }
        }
    }

    /// Warm, neutral or cool white of unit luminance.
    Vec3f lamp_colour() {
        constexpr std::array<Vec3f, 4> kColours{{{1.42f, 0.93f, 0.42f},
                                                 {1.28f, 0.96f, 0.6f},
                                                 {1.1f, 0.98f, 0.84f},
                                                 {0.98f, 1.0f, 1.04f}}};
        return kColours[rng_.uniform_index(
            kind_ == RoomKind::Living || kind_ == RoomKind::Bedroom ? 2 : 4)];
    }
    int lamp_material(Vec3f radiance) {
        return scene_.add({.colour_a = {0.7f, 0.68f, 0.62f}, .emission = radiance},
                          luminance(radiance) > 0);
    }
    /// A shining ball of a luminous flux in lm.
    void ball(const Stand& stand, Vec3f centre, Vec3f radii, float lumen, Vec3f colour) {
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
    void table_lamp(const Stand& stand) {
        mesh_.cylinder(stand, {}, {0, 0.02f, 0}, {0.07f, 0.06f}, 20, m_.metal);
        mesh_.cylinder(stand, {0, 0.02f, 0}, {0, 0.26f, 0}, {0.012f, 0.012f}, 10, m_.metal);
        ball(stand, {0, 0.34f, 0}, {0.12f, 0.1f, 0.12f}, 420, lamp_colour());
    }
    void lights() {
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

    PlaceScene& scene_;
    PlaceMesh& mesh_;
    RoomKind kind_;
    Rng& rng_;
    float width_ = 0, depth_ = 0, height_ = 0, floor_ = 0;
    Vec3f low_;
    bool dark_outside_ = false, lamps_on_ = false, crossbar_ = false, curtains_ = false;
    std::array<Stand, 4> walls_;
    std::array<float, 4> lengths_{};
    std::array<std::vector<Opening>, 4> openings_;
    int window_side_ = 0, door_side_ = 0, accent_side_ = 0;
    RoomMaterials m_;
    int wall_ = 0, accent_ = 0, floor_material_ = 0, ceiling_ = 0, trim_ = 0, tiles_ = 0,
        curtain_ = 0;
};

} // namespace

PlaceScene make_room_scene(RoomKind kind, Hour hour, Rng& rng) {
    PlaceScene scene;
    constexpr std::array<OutdoorKind, 6> kViews{OutdoorKind::Street,
                                                OutdoorKind::Suburb,
                                                OutdoorKind::Park,
                                                OutdoorKind::Square,
                                                OutdoorKind::Meadow,
                                                OutdoorKind::Yard};
    const OutdoorKind outside = kViews[rng.uniform_index(kViews.size())];
    set_hour(scene, hour, outside != OutdoorKind::Meadow, rng);
    RoomBuilder(scene, kind, hour, rng).build();
    const Vec3f half = 0.5f * (scene.room_high - scene.room_low);
    const float clear = std::sqrt(half.x * half.x + half.z * half.z) + 1.5f;
    add_outdoors(scene, outside, hour, std::min(clear, 9.0f), rng);
    return scene;
}

} // namespace rih
