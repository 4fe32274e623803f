// SPDX-License-Identifier: Apache-2.0
// Meadow, park, forest, desert, snow and lake.
#include "renderih/math/sampling.h"
#include "renderih/places/draws.h"
#include "renderih/places/outdoor_builder.h"

#include <algorithm>

namespace rih {

void OutdoorBuilder::lantern() {
    const Vec3f at = on_ground(somewhere(std::max(1.8f, clear_ + 1), std::max(4.5f, clear_ + 3)));
    const Vec3f radiance = between(rng_, 60, 300) * Vec3f{1.5f, 0.9f, 0.33f};
    const int light = scene_.add({.colour_a = {0.6f, 0.5f, 0.4f}, .emission = radiance}, true);
    const Vec3f middle{0, 0.22f, 0};
    mesh_.cylinder({at}, {}, {0, 0.12f, 0}, {0.07f, 0.07f}, 20, metal_);
    mesh_.pillow({at}, middle, {0.05f, 0.08f, 0.05f}, 0.9f, light);
    mesh_.cylinder({at}, {0, 0.31f, 0}, {0, 0.35f, 0}, {0.07f, 0.02f}, 20, metal_);
    scene_.lamps.push_back({.centre = at + middle, .radius = 0.09f, .radiance = 0.4f * radiance});
}

void OutdoorBuilder::meadow() {
    const Vec3f green = shade_of(kGrassColours, rng_);
    const float hills = between(rng_, 30, 220);
    const float mountains = chance(rng_, 0.4f) ? between(rng_, 300, 1500) : 0;
    land({.hills = hills, .mountains = mountains},
         ground(green, 0.8f * green + Vec3f{0.05f, 0.03f, 0.01f}, between(rng_, 0.3f, 1)));
    grass(between(rng_, 0.06f, 0.3f), 190000, green, everywhere());
    const auto near_trees = static_cast<int>(rng_.uniform_index(3));
    trees(near_trees, 14, 130, chance(rng_, 0.3f) ? 0.7f : 0.1f, 6, 14);
    for (int i = 0; i < 30; ++i) {
        const Vec3f p = on_ground(somewhere(std::max(8.0f, clear_ + 1), 120));
        const float height = between(rng_, 0.5f, 1.8f);
        add_shrub(mesh_, p, height, leaves_[rng_.uniform_index(3)], detail_at(p), rng_);
    }
    stones(14, 2.5f, 40, 0.08f, 0.45f);
}

void OutdoorBuilder::park() {
    const Vec3f green = shade_of(kGrassColours, rng_);
    land({.flat_radius = 30, .bumps = 0.06f, .hills = 15}, ground(green, 0.9f * green, 0.6f));
    const float path = between(rng_, -2.5f, 2.5f), half = between(rng_, 0.9f, 1.6f);
    const int gravel =
        scene_.add({.pattern = chance(rng_, 0.5f) ? Pattern::Asphalt : Pattern::Cobbles,
                    .colour_a = {0.36f, 0.31f, 0.24f},
                    .colour_b = {0.2f, 0.17f, 0.13f},
                    .size = between(rng_, 0.05f, 0.16f),
                    .relief = 1,
                    .seed = rng_.next_u32()});
    const auto middle = [path](float x) { return path + 1.8f * std::sin(0.09f * x); };
    for (float x = -60; x < 60; x += 1) { // a winding band a little above the lawn
        const auto first = mesh_.vertex({x, 0.045f, middle(x) - half}, {0, 1, 0}, {x, -half});
        mesh_.vertex({x, 0.045f, middle(x) + half}, {0, 1, 0}, {x, half});
        mesh_.vertex({x + 1, 0.045f, middle(x + 1) + half}, {0, 1, 0}, {x + 1, half});
        mesh_.vertex({x + 1, 0.045f, middle(x + 1) - half}, {0, 1, 0}, {x + 1, -half});
        mesh_.triangle(first, first + 1, first + 2, gravel);
        mesh_.triangle(first, first + 2, first + 3, gravel);
    }
    grass(
        between(rng_, 0.035f, 0.07f), 170000, green, [&](float x, float z) -> std::optional<float> {
            if (std::fabs(z - middle(x)) < half || x * x + z * z < clear_ * clear_) {
                return std::nullopt;
            }
            return terrain_->height(x, z);
        });
    trees(3, 24, 90, 0.15f, 7, 16);
    for (int i = 0; i < 4; ++i) {
        const float x = 5.5f * (i - 1.5f) + between(rng_, -1, 1);
        if (std::fabs(x) > clear_ + 1) {
            add_bench(mesh_, {{x, 0, middle(x) + half + 0.5f}, kPiF}, wood_, metal_);
        }
        add_lamp_post(scene_,
                      {{14.0f * (i - 1.5f) + 3, 0, middle(14.0f * (i - 1.5f) + 3) - half - 0.4f},
                       -0.5f * kPiF},
                      3.6f,
                      metal_,
                      lamp_,
                      lamp_radiance_);
    }
    for (int i = 0; i < 20; ++i) {
        const Vec3f p = on_ground(somewhere(std::max(9.0f, clear_ + 1), 60));
        const float height = between(rng_, 0.6f, 1.6f);
        add_shrub(mesh_, p, height, leaves_[rng_.uniform_index(3)], detail_at(p), rng_);
    }
    skyline(90, 8, 30);
}

void OutdoorBuilder::forest() {
    const Vec3f moss{0.07f, 0.085f, 0.03f}, litter{0.13f, 0.085f, 0.05f};
    land({.flat_radius = 3, .bumps = 0.35f, .hills = 60}, ground(litter, moss, 1));
    const float conifers = between(rng_, 0, 1);
    trees(9, 60, 120, conifers, 9, 20);
    grass(0.12f, 30000, moss + Vec3f{0.01f, 0.03f, 0}, everywhere());
    for (int i = 0; i < 26; ++i) {
        const Vec3f p = on_ground(somewhere(std::max(3.0f, clear_ + 1), 40));
        const float height = between(rng_, 0.3f, 1.1f);
        add_shrub(mesh_, p, height, leaves_[rng_.uniform_index(3)], detail_at(p), rng_);
    }
    for (int i = 0; i < 900; ++i) { // fallen leaves
        const Vec3f p = on_ground(somewhere(std::max(0.6f, clear_), 10));
        mesh_.leaves(p + Vec3f{0, 0.02f, 0}, {0.2f, 0.01f, 0.2f}, 4, 0.03f, leaves_[2], rng_);
    }
    stones(16, 1.5f, 25, 0.1f, 0.7f);
}

void OutdoorBuilder::desert() {
    const std::array<Vec3f, 3> sands{
        {{0.48f, 0.36f, 0.22f}, {0.55f, 0.45f, 0.32f}, {0.4f, 0.24f, 0.14f}}};
    const int sand = scene_.add({.pattern = Pattern::Sand,
                                 .colour_a = shade_of(sands, rng_),
                                 .relief = 1,
                                 .seed = rng_.next_u32()});
    const bool rocky = chance(rng_, 0.4f);
    land({.flat_radius = 6,
          .bumps = 0.3f,
          .hills = rocky ? 90.0f : 12.0f,
          .mountains = rocky ? between(rng_, 300, 900) : 0,
          .dunes = between(rng_, 4, 16)},
         sand);
    stones(rocky ? 60 : 14, 1.5f, 60, 0.05f, 0.6f);
    for (int i = 0; i < 24; ++i) {
        const Vec3f p = on_ground(somewhere(std::max(3.0f, clear_ + 1), 90));
        add_shrub(mesh_, p, between(rng_, 0.25f, 0.9f), leaves_[1], detail_at(p), rng_);
    }
}

void OutdoorBuilder::snow() {
    const int snow_material = scene_.add({.pattern = Pattern::Snow,
                                          .colour_a = {0.8f, 0.82f, 0.86f},
                                          .relief = 1,
                                          .seed = rng_.next_u32()});
    land({.flat_radius = 4,
          .bumps = 0.35f,
          .hills = between(rng_, 30, 120),
          .mountains = between(rng_, 0, 1600)},
         snow_material);
    trees(4, 40, 160, 1, 5, 15);
    stones(10, 3, 30, 0.15f, 0.7f);
}

void OutdoorBuilder::lake() {
    const Vec3f green = shade_of(kGrassColours, rng_);
    const bool beach = chance(rng_, 0.5f);
    const int shore = beach ? scene_.add({.pattern = Pattern::Sand,
                                          .colour_a = {0.42f, 0.36f, 0.27f},
                                          .relief = 1,
                                          .seed = rng_.next_u32()})
                            : ground(green, {0.2f, 0.17f, 0.13f}, 0.8f);
    land({.flat_radius = 4,
          .bumps = 0.15f,
          .hills = between(rng_, 30, 160),
          .mountains = chance(rng_, 0.6f) ? between(rng_, 300, 1600) : 0,
          .shore_distance = clear_ + between(rng_, 5, 14)},
         shore);
    const int water = scene_.add({.pattern = Pattern::Water,
                                  .colour_a = {0.012f, 0.03f, 0.032f},
                                  .reflectance = 0.02f,
                                  .polish = 1,
                                  .relief = between(rng_, 0.4f, 1.6f),
                                  .seed = rng_.next_u32()});
    const float level = -0.32f;
    mesh_.quad({}, {0, level, 3000}, {3000, 0, 0}, {0, 0, -6000}, water);
    if (!beach) {
        grass(0.14f, 130000, green, [&](float x, float z) -> std::optional<float> {
            const float y = terrain_->height(x, z);
            if (y < level + 0.12f || x * x + z * z < clear_ * clear_) {
                return std::nullopt;
            }
            return y;
        });
    }
    stones(70, 1.5f, 22, 0.04f, 0.35f);
    for (int i = 0; i < 90; ++i) {
        const Vec3f p = on_ground(somewhere(std::max(7.0f, clear_ + 3), 300));
        if (p.y > level + 0.3f && p.y < 60) {
            const float height = between(rng_, 5, 14);
            tree(p, height, chance(rng_, 0.4f));
        }
    }
}

} // namespace rih
