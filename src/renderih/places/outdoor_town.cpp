// SPDX-License-Identifier: Apache-2.0
// Street, square, suburb and yard.
#include "renderih/math/sampling.h"
#include "renderih/places/draws.h"
#include "renderih/places/outdoor_builder.h"

#include <algorithm>

namespace rih {

namespace {

// Albedos of common materials, linear: measured diffuse reflectances lie near these.
constexpr std::array<Vec3f, 6> kWallColours{{{0.62f, 0.56f, 0.46f},
                                             {0.5f, 0.42f, 0.33f},
                                             {0.66f, 0.63f, 0.58f},
                                             {0.42f, 0.42f, 0.43f},
                                             {0.55f, 0.38f, 0.28f},
                                             {0.6f, 0.5f, 0.3f}}};
constexpr std::array<Vec3f, 4> kBrickColours{
    {{0.32f, 0.13f, 0.085f}, {0.38f, 0.2f, 0.13f}, {0.25f, 0.12f, 0.09f}, {0.42f, 0.33f, 0.24f}}};
constexpr std::array<Vec3f, 6> kPaints{{{0.6f, 0.6f, 0.6f},
                                        {0.03f, 0.03f, 0.035f},
                                        {0.35f, 0.02f, 0.02f},
                                        {0.03f, 0.06f, 0.2f},
                                        {0.22f, 0.23f, 0.24f},
                                        {0.7f, 0.68f, 0.64f}}};

} // namespace

BuildingMaterials OutdoorBuilder::building(bool house) {
    BuildingMaterials m;
    const bool brick = chance(rng_, 0.4f);
    m.wall = scene_.add(
        {.pattern =
             brick ? Pattern::Brick : (chance(rng_, 0.3f) ? Pattern::Concrete : Pattern::Plaster),
         .colour_a = brick ? shade_of(kBrickColours, rng_) : shade_of(kWallColours, rng_),
         .colour_b = {0.4f, 0.38f, 0.35f},
         .size = brick ? 0.075f : 0.0f,
         .relief = 1,
         .seed = rng_.next_u32()});
    m.frame = scene_.add({.pattern = Pattern::Plaster,
                          .colour_a = shade_of(kWallColours, rng_),
                          .seed = rng_.next_u32()});
    m.window =
        house ? Vec2f{1.5f, 1.6f} : Vec2f{between(rng_, 1.8f, 3.2f), between(rng_, 2.9f, 3.7f)};
    m.glass = scene_.add(
        {.pattern = Pattern::Windows,
         .colour_a = chance(rng_, 0.6f) ? Vec3f{0.6f, 0.6f, 0.58f} : Vec3f{0.06f, 0.06f, 0.065f},
         .colour_b = {m.window.x, m.window.y, 0},
         .reflectance = 0.05f,
         .polish = 0.96f,
         .relief = 1,
         .emission = lit_windows_,
         .seed = rng_.next_u32()});
    const std::array<Vec3f, 3> roofs{
        {{0.28f, 0.11f, 0.07f}, {0.1f, 0.1f, 0.11f}, {0.2f, 0.13f, 0.1f}}};
    m.roof = scene_.add({.pattern = house ? Pattern::RoofTiles : Pattern::Concrete,
                         .colour_a = house ? shade_of(roofs, rng_) : Vec3f{0.22f, 0.22f, 0.22f},
                         .colour_b = {0.1f, 0.11f, 0.07f},
                         .size = house ? 0.3f : 0.0f,
                         .relief = 1,
                         .seed = rng_.next_u32()});
    return m;
}

CarMaterials OutdoorBuilder::car() {
    return {
        scene_.add({.colour_a = shade_of(kPaints, rng_), .reflectance = 0.05f, .polish = 0.9f}),
        scene_.add({.colour_a = {0.015f, 0.015f, 0.017f}, .reflectance = 0.05f, .polish = 0.95f}),
        scene_.add({.colour_a = {0.02f, 0.02f, 0.02f}}),
        scene_.add({.pattern = Pattern::Metal,
                    .colour_a = {0.45f, 0.45f, 0.46f},
                    .reflectance = 0.3f,
                    .polish = 0.4f})};
}

int OutdoorBuilder::paving() {
    const int which = static_cast<int>(rng_.uniform_index(3));
    const float grey = between(rng_, 0.17f, 0.36f);
    return scene_.add({.pattern = which == 0 ? Pattern::Concrete
                                             : (which == 1 ? Pattern::Cobbles : Pattern::Brick),
                       .colour_a = grey * Vec3f{1.03f, 1, 0.94f},
                       .colour_b = 0.5f * grey * Vec3f{1, 0.97f, 0.9f},
                       .size = which == 0 ? between(rng_, 0.3f, 0.8f)
                                          : (which == 1 ? between(rng_, 0.09f, 0.14f) : 0.1f),
                       .relief = 1,
                       .seed = rng_.next_u32()});
}

int OutdoorBuilder::asphalt() {
    return scene_.add({.pattern = Pattern::Asphalt,
                       .colour_a = between(rng_, 0.045f, 0.12f) * Vec3f{1.02f, 1, 0.97f},
                       .relief = 1,
                       .seed = rng_.next_u32()});
}

int OutdoorBuilder::paint() {
    return scene_.add({.pattern = Pattern::Concrete, .colour_a = {0.62f, 0.62f, 0.6f}, .size = 0});
}

int OutdoorBuilder::town_ground() {
    return ground({0.13f, 0.13f, 0.11f}, {0.17f, 0.16f, 0.13f}, 0.5f);
}

void OutdoorBuilder::skyline(float distance, float low, float high) {
    for (int i = 0; i < 26; ++i) {
        const float azimuth = kTwoPiF * (i + 0.6f * rng_.uniform_float()) / 26;
        const float r = distance * between(rng_, 1, 2.2f);
        const Vec3f foot{r * std::cos(azimuth), 0, r * std::sin(azimuth)};
        const Vec3f size{between(rng_, 14, 34), between(rng_, low, high), between(rng_, 10, 18)};
        add_block(mesh_,
                  {foot, 0.5f * kPiF - azimuth + between(rng_, -0.2f, 0.2f)},
                  size,
                  building(false));
    }
}

void OutdoorBuilder::street() {
    land({.flat_radius = 160, .bumps = 0, .hills = 50}, town_ground());
    const float walk = between(rng_, 2.4f, 4.5f), road = between(rng_, 6, 9);
    const float kerb = 0.12f, near_edge = clear_ + between(rng_, 0.8f, 1.6f);
    const float front = -(walk - near_edge) - clear_; // z of the fronts behind the eye
    const float far_kerb = near_edge + road, far_front = far_kerb + walk;
    const int pave = paving(), tar = asphalt(), line_paint = paint();
    mesh_.quad({}, {-220, 0.004f, far_kerb}, {440, 0, 0}, {0, 0, -road}, tar);
    mesh_.box({}, {-220, -0.2f, front - 0.5f}, {220, 0.006f, near_edge}, pave, 0.01f);
    mesh_.box({}, {-220, -0.2f, far_kerb}, {220, kerb, far_front + 0.5f}, pave, 0.01f);
    const int stone = scene_.add(
        {.pattern = Pattern::Concrete, .colour_a = {0.33f, 0.32f, 0.3f}, .size = 1, .relief = 1});
    mesh_.box({}, {-220, -0.2f, near_edge - 0.14f}, {220, 0.02f, near_edge}, stone, 0.015f);
    mesh_.box({}, {-220, -0.2f, far_kerb}, {220, kerb + 0.012f, far_kerb + 0.14f}, stone, 0.015f);
    for (float x = -120; x < 120; x += 6) {
        mesh_.quad({},
                   {x, 0.009f, near_edge + 0.5f * road + 0.06f},
                   {3, 0, 0},
                   {0, 0, -0.12f},
                   line_paint);
    }
    for (const bool far_side : {false, true}) {
        float x = -150 - between(rng_, 0, 10);
        while (x < 150) {
            const float wide = between(rng_, 11, 24), deep = 12;
            const float z = far_side ? far_front + 0.5f * deep : front - 0.5f * deep;
            if (far_side || clear_ < 1 || std::fabs(x + 0.5f * wide) > 0.5f * wide + clear_) {
                add_block(mesh_,
                          {{x + 0.5f * wide, 0, z}, 0},
                          {wide - 0.02f, between(rng_, 9, 22), deep},
                          building(false));
            }
            x += wide + (chance(rng_, 0.12f) ? between(rng_, 4, 9) : 0);
        }
    }
    for (float x = -90; x < 90; x += 6.2f) { // parked cars, far side mostly
        if (chance(rng_, 0.55f)) {
            add_car(
                mesh_, {{x + between(rng_, -0.3f, 0.3f), 0, far_kerb - 1.1f}, 0.5f * kPiF}, car());
        }
        if (chance(rng_, 0.3f) && std::fabs(x) > clear_ + 4) {
            add_car(mesh_, {{x, 0, near_edge + 1.1f}, -0.5f * kPiF}, car());
        }
    }
    for (int i = -4; i <= 4; ++i) {
        add_lamp_post(scene_,
                      {{24.0f * i + 7, 0, near_edge - 0.45f}, -0.5f * kPiF},
                      5.5f,
                      metal_,
                      lamp_,
                      lamp_radiance_);
        add_lamp_post(scene_,
                      {{24.0f * i - 5, kerb, far_kerb + 0.45f}, 0.5f * kPiF},
                      5.5f,
                      metal_,
                      lamp_,
                      lamp_radiance_);
    }
    if (chance(rng_, 0.6f)) {
        for (float x = -80; x < 80; x += 9) {
            tree({x, 0, far_kerb + 0.9f}, between(rng_, 5, 8), false);
        }
    }
}

void OutdoorBuilder::square() {
    land({.flat_radius = 200, .bumps = 0, .hills = 60}, town_ground());
    mesh_.quad({}, {-45, 0.01f, 40}, {90, 0, 0}, {0, 0, -80}, paving());
    const float half = between(rng_, 22, 38);
    for (int side = 0; side < 4; ++side) {
        const Stand turned{{}, 0.5f * kPiF * side};
        float x = -half;
        while (x < half) {
            const float wide = between(rng_, 11, 22);
            const Vec3f size{wide - 0.02f, between(rng_, 9, 24), 13};
            if (!chance(rng_, 0.12f)) {
                if (chance(rng_, 0.3f)) {
                    add_house(mesh_,
                              turned.at({x + 0.5f * wide, 0, half + 6}, kPiF),
                              size,
                              building(true));
                } else {
                    add_block(
                        mesh_, turned.at({x + 0.5f * wide, 0, half + 6}), size, building(false));
                }
            }
            x += wide;
        }
    }
    for (int i = 0; i < 10; ++i) {
        const Vec3f p = somewhere(std::max(6.0f, clear_ + 3), 20);
        tree(p, between(rng_, 5, 9), false);
        const Vec3f q = somewhere(std::max(4.0f, clear_ + 2), 18);
        add_bench(mesh_, {q, kTwoPiF * rng_.uniform_float()}, wood_, metal_);
        const Vec3f r = somewhere(std::max(5.0f, clear_ + 2), 24);
        add_lamp_post(
            scene_, {r, kTwoPiF * rng_.uniform_float()}, 4.2f, metal_, lamp_, lamp_radiance_);
    }
    if (chance(rng_, 0.5f)) { // a fountain
        const Vec3f at = somewhere(std::max(7.0f, clear_ + 4), 13);
        mesh_.cylinder({at}, {}, {0, 0.5f, 0}, {2.2f, 2.1f}, 40, stone_);
        mesh_.cylinder({at}, {0, 0.5f, 0}, {0, 1.9f, 0}, {0.3f, 0.2f}, 20, stone_);
        mesh_.pillow({at}, {0, 1.9f, 0}, {0.9f, 0.2f, 0.9f}, 1, stone_);
    }
    skyline(70, 12, 34);
}

void OutdoorBuilder::suburb() {
    const Vec3f green = shade_of(kGrassColours, rng_);
    land({.flat_radius = 60, .bumps = 0.05f, .hills = between(rng_, 15, 90)},
         ground(green, 0.85f * green, 0.7f));
    const float road = clear_ + between(rng_, 3.5f, 6);
    mesh_.quad({}, {-200, 0.03f, road + 5.5f}, {400, 0, 0}, {0, 0, -5.5f}, asphalt());
    mesh_.box({}, {-200, -0.1f, road - 1.6f}, {200, 0.09f, road}, paving(), 0.01f);
    for (int i = -5; i <= 5; ++i) {
        for (const bool far_side : {false, true}) {
            const float x = 17.0f * i + between(rng_, -2, 2);
            const float z =
                far_side ? road + 16 + between(rng_, 0, 4) : -clear_ - 11 - between(rng_, 0, 4);
            add_house(mesh_,
                      {{x, 0, z}, far_side ? kPiF : 0},
                      {between(rng_, 8, 12), between(rng_, 6.5f, 9), between(rng_, 7, 9)},
                      building(true));
            if (chance(rng_, 0.6f) && std::fabs(x + 7) > clear_ + 4) {
                add_car(mesh_,
                        {{x + 7, 0.03f, far_side ? road + 9 : -clear_ - 6},
                         between(rng_, -0.05f, 0.05f)},
                        car());
            }
            if (chance(rng_, 0.5f)) {
                add_fence(mesh_,
                          {{x + 8.5f, 0, far_side ? road + 7 : -clear_ - 4.5f}, 0},
                          8,
                          between(rng_, 0.9f, 1.5f),
                          wood_);
            } else {
                for (int k = 0; k < 7; ++k) {
                    const Vec3f p{x + 4 + k, 0, far_side ? road + 7.2f : -clear_ - 4.6f};
                    add_shrub(mesh_, p, 1.2f, leaves_[0], detail_at(p), rng_);
                }
            }
        }
        add_lamp_post(scene_,
                      {{26.0f * i + 4, 0.09f, road - 0.4f}, -0.5f * kPiF},
                      4.6f,
                      metal_,
                      lamp_,
                      lamp_radiance_);
    }
    grass(0.05f, 150000, green, [&](float x, float z) -> std::optional<float> {
        if (z > road - 1.7f || x * x + z * z < clear_ * clear_) {
            return std::nullopt;
        }
        return terrain_->height(x, z);
    });
    for (int i = 0; i < 30; ++i) {
        const Vec3f p = somewhere(std::max(6.0f, clear_ + 4), 90);
        if (p.z < road - 3 || p.z > road + 26) {
            const float height = between(rng_, 4, 11);
            tree(p, height, chance(rng_, 0.25f));
        }
    }
}

void OutdoorBuilder::yard() {
    land({.flat_radius = 120, .bumps = 0, .hills = 30}, town_ground());
    const bool concrete = chance(rng_, 0.5f);
    const int floor =
        concrete ? scene_.add({.pattern = Pattern::Concrete,
                               .colour_a = between(rng_, 0.2f, 0.4f) * Vec3f{1, 0.98f, 0.93f},
                               .size = between(rng_, 3, 6),
                               .relief = 1,
                               .seed = rng_.next_u32()})
                 : asphalt();
    mesh_.quad({}, {-60, 0.01f, 60}, {120, 0, 0}, {0, 0, -120}, floor);
    const int line_paint = paint();
    for (int i = -6; i <= 6; ++i) {
        mesh_.quad({}, {2.6f * i, 0.014f, clear_ + 9}, {0.11f, 0, 0}, {0, 0, -5}, line_paint);
        if (chance(rng_, 0.45f)) {
            add_car(mesh_,
                    {{2.6f * i + 1.35f, 0, clear_ + 6.5f}, chance(rng_, 0.5f) ? 0 : kPiF},
                    car());
        }
    }
    for (int i = 0; i < 5; ++i) {
        const float azimuth = kPiF + kPiF * (i + 0.5f) / 5 + between(rng_, -0.1f, 0.1f);
        const float r = clear_ + between(rng_, 26, 44);
        BuildingMaterials m = building(false);
        m.wall = scene_.add({.pattern = Pattern::Metal,
                             .colour_a = shade_of(kWallColours, rng_),
                             .reflectance = 0.05f,
                             .polish = 0.15f});
        add_block(mesh_,
                  {{r * std::cos(azimuth), 0, r * std::sin(azimuth)}, 0.5f * kPiF - azimuth},
                  {between(rng_, 18, 34), between(rng_, 6, 10), 16},
                  m);
    }
    const std::array<Vec3f, 5> colours{{{0.35f, 0.06f, 0.03f},
                                        {0.04f, 0.12f, 0.3f},
                                        {0.05f, 0.2f, 0.1f},
                                        {0.5f, 0.28f, 0.04f},
                                        {0.45f, 0.45f, 0.44f}}};
    for (int i = 0; i < 9; ++i) {
        const int steel = scene_.add({.pattern = Pattern::Metal,
                                      .colour_a = shade_of(colours, rng_),
                                      .reflectance = 0.05f,
                                      .polish = 0.12f,
                                      .seed = rng_.next_u32()});
        const Vec3f p{-20 + 7.0f * (i % 5), 2.6f * (i / 5), -clear_ - 11 - between(rng_, 0, 1)};
        add_container(mesh_, {p, between(rng_, -0.03f, 0.03f)}, steel);
    }
    for (int i = 0; i < 6; ++i) {
        add_lamp_post(scene_,
                      {somewhere(clear_ + 8, 30), kTwoPiF * rng_.uniform_float()},
                      7,
                      metal_,
                      lamp_,
                      lamp_radiance_);
    }
    skyline(90, 8, 26);
    trees(0, 4, 30, 0.2f, 6, 12);
}

} // namespace rih
