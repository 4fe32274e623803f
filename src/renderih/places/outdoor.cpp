// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/outdoor_builder.h"

#include "renderih/math/sampling.h"
#include "renderih/places/draws.h"

#include <algorithm>

namespace rih {

namespace {

constexpr std::array<Vec3f, 4> kLeafColours{{{0.06f, 0.11f, 0.025f},
                                             {0.09f, 0.13f, 0.03f},
                                             {0.045f, 0.085f, 0.025f},
                                             {0.2f, 0.12f, 0.025f}}};
/// High pressure sodium, and white diodes of 3000 K.
constexpr std::array<Vec3f, 2> kStreetLights{{{1.45f, 0.9f, 0.28f}, {1.25f, 0.96f, 0.62f}}};

bool is_town(OutdoorKind kind) {
    return kind == OutdoorKind::Street || kind == OutdoorKind::Square ||
           kind == OutdoorKind::Suburb || kind == OutdoorKind::Yard;
}

} // namespace

OutdoorBuilder::OutdoorBuilder(
    PlaceScene& scene, OutdoorKind kind, Hour hour, float clear, Rng& rng)
    : scene_(scene), mesh_(scene.mesh), kind_(kind), clear_(clear), rng_(rng) {
    const bool dark = hour == Hour::Night || hour == Hour::Dusk;
    const Vec3f colour = kStreetLights[rng.uniform_index(2)];
    lamp_radiance_ = (dark ? 70000.0f : 0.0f) * colour;
    lit_windows_ = (hour == Hour::Night ? 55.0f : (hour == Hour::Dusk ? 90.0f : 0.0f)) *
                   Vec3f{1.2f, 0.97f, 0.68f};
    const Vec3f glass = lamp_radiance_.x > 0 ? Vec3f{} : Vec3f{0.6f, 0.6f, 0.58f};
    is_night_ = hour == Hour::Night;
    lamp_ = scene.add({.colour_a = glass, .emission = 0.5f * lamp_radiance_}, dark);
    metal_ = scene.add({.pattern = Pattern::Metal,
                        .colour_a = between(rng, 0.05f, 0.3f) * Vec3f{1, 1, 1.02f},
                        .reflectance = 0.2f,
                        .polish = 0.25f});
    wood_ = scene.add({.pattern = Pattern::Wood,
                       .colour_a = {0.3f, 0.19f, 0.1f},
                       .colour_b = {0.16f, 0.09f, 0.05f},
                       .relief = 1,
                       .seed = rng.next_u32()});
    bark_ = scene.add({.pattern = Pattern::Bark,
                       .colour_a = {0.11f, 0.085f, 0.065f},
                       .colour_b = {0.22f, 0.19f, 0.15f},
                       .relief = 1,
                       .seed = rng.next_u32()});
    for (int& leaf : leaves_) {
        const Vec3f green = shade_of(kLeafColours, rng);
        leaf = scene.add({.pattern = Pattern::Leaf,
                          .colour_a = 0.8f * green,
                          .colour_b = 1.35f * green,
                          .through = 0.35f,
                          .seed = rng.next_u32()});
    }
    stone_ = scene.add({.pattern = Pattern::Rock,
                        .colour_a = {0.24f, 0.22f, 0.2f},
                        .colour_b = {0.3f, 0.29f, 0.2f},
                        .relief = 1,
                        .seed = rng.next_u32()});
}

void OutdoorBuilder::build() {
    add_things();
    if (is_night_ && !is_town(kind_)) {
        lantern();
    }
}

void OutdoorBuilder::add_things() {
    switch (kind_) {
    case OutdoorKind::Meadow:
        meadow();
        break;
    case OutdoorKind::Park:
        park();
        break;
    case OutdoorKind::Forest:
        forest();
        break;
    case OutdoorKind::Desert:
        desert();
        break;
    case OutdoorKind::Snow:
        snow();
        break;
    case OutdoorKind::Lake:
        lake();
        break;
    case OutdoorKind::Street:
        street();
        break;
    case OutdoorKind::Square:
        square();
        break;
    case OutdoorKind::Suburb:
        suburb();
        break;
    case OutdoorKind::Yard:
        yard();
        break;
    }
}

Vec3f OutdoorBuilder::somewhere(float from, float to) {
    const float r = from * std::pow(to / from, rng_.uniform_float());
    const float azimuth = kTwoPiF * rng_.uniform_float();
    return {r * std::cos(azimuth), 0, r * std::sin(azimuth)};
}

Detail OutdoorBuilder::detail_at(Vec3f p) const {
    const float r = length(p);
    return r < 16 ? Detail::Near : (r < 70 ? Detail::Middle : Detail::Far);
}

Vec3f OutdoorBuilder::on_ground(Vec3f p) const {
    return {p.x, terrain_->height(p.x, p.z), p.z};
}

void OutdoorBuilder::land(const TerrainOptions& options, int material) {
    TerrainOptions with_seed = options;
    with_seed.seed = rng_.next_u32();
    with_seed.flat_radius = std::max(with_seed.flat_radius, clear_ + 3);
    terrain_.emplace(with_seed);
    terrain_->add_to(mesh_, material);
}

int OutdoorBuilder::ground(Vec3f a, Vec3f b, float woods) {
    return scene_.add({.pattern = Pattern::Ground,
                       .colour_a = a,
                       .colour_b = b,
                       .size = woods,
                       .relief = 1,
                       .seed = rng_.next_u32()});
}

void OutdoorBuilder::tree(Vec3f p, float height, bool conifer) {
    if (std::sqrt(p.x * p.x + p.z * p.z) < clear_ + 2.2f) {
        return;
    }
    const int leaf = leaves_[rng_.uniform_index(3)];
    if (conifer) {
        add_conifer(mesh_, p, height, {bark_, conifer_leaf()}, detail_at(p), rng_);
    } else {
        add_broadleaf(mesh_, p, height, {bark_, leaf}, detail_at(p), rng_);
    }
}

int OutdoorBuilder::conifer_leaf() {
    if (conifer_leaf_ < 0) {
        conifer_leaf_ = scene_.add({.pattern = Pattern::Leaf,
                                    .colour_a = {0.025f, 0.05f, 0.02f},
                                    .colour_b = {0.055f, 0.085f, 0.03f},
                                    .through = 0.15f,
                                    .seed = rng_.next_u32()});
    }
    return conifer_leaf_;
}

void OutdoorBuilder::trees(int near, int middle, int far, float conifers, float low, float high) {
    for (int i = 0; i < near + middle + far; ++i) {
        const Vec3f p = i < near            ? somewhere(std::max(4.5f, clear_ + 3), 16)
                        : i < near + middle ? somewhere(18, 70)
                                            : somewhere(70, 420);
        const float height = between(rng_, low, high);
        tree(on_ground(p), height, chance(rng_, conifers));
    }
}

void OutdoorBuilder::grass(float height, int blades, Vec3f green, const GrassGround& grows) {
    const int blade = scene_.add({.pattern = Pattern::Leaf,
                                  .colour_a = 0.75f * green,
                                  .colour_b = 1.45f * green,
                                  .through = 0.3f,
                                  .seed = rng_.next_u32()});
    add_grass(
        mesh_, {.radius = 28, .height = height, .blades = blades, .material = blade}, grows, rng_);
}

GrassGround OutdoorBuilder::everywhere() const {
    return [this](float x, float z) -> std::optional<float> {
        if (x * x + z * z < clear_ * clear_) {
            return std::nullopt;
        }
        return terrain_->height(x, z);
    };
}

void OutdoorBuilder::stones(int count, float from, float to, float low, float high) {
    for (int i = 0; i < count; ++i) {
        const Vec3f p = on_ground(somewhere(std::max(from, clear_), to));
        add_stone(mesh_, p, between(rng_, low, high), stone_, rng_);
    }
}

void set_hour(PlaceScene& scene, Hour hour, bool in_town, Rng& rng) {
    SkyOptions& sky = scene.sky;
    sky.seed = rng.next_u32();
    sky.sun_azimuth_deg = between(rng, 0, 360);
    sky.haze = between(rng, 0.6f, 2.5f);
    sky.cloud_cover = chance(rng, 0.35f) ? 0 : between(rng, 0.25f, 0.62f);
    sky.cirrus = chance(rng, 0.5f) ? between(rng, 0.1f, 0.8f) : 0;
    scene.visibility = between(rng, 12000, 45000);
    switch (hour) {
    case Hour::Day:
        sky.sun_elevation_deg = between(rng, 28, 68);
        break;
    case Hour::Slanting:
        sky.sun_elevation_deg = between(rng, 9, 28);
        break;
    case Hour::Golden:
        sky.sun_elevation_deg = between(rng, 1, 8);
        break;
    case Hour::Dusk:
        sky.sun_elevation_deg = between(rng, -6, -0.5f);
        break;
    case Hour::Overcast:
        sky.sun_elevation_deg = between(rng, 12, 60);
        sky.cloud_cover = between(rng, 0.92f, 1.05f);
        scene.visibility = between(rng, 4000, 20000);
        break;
    case Hour::Night:
        sky.night = true;
        // In towns there is light enough without a moon.
        sky.sun_elevation_deg = in_town && chance(rng, 0.6f) ? -30.0f : between(rng, 8, 55);
        sky.town_glow = in_town ? between(rng, 0.01f, 0.06f) : between(rng, 0.0005f, 0.004f);
        break;
    }
}

void add_outdoors(PlaceScene& scene, OutdoorKind kind, Hour hour, float clear_radius, Rng& rng) {
    OutdoorBuilder(scene, kind, hour, clear_radius, rng).build();
}

PlaceScene make_outdoor_scene(OutdoorKind kind, Hour hour, Rng& rng) {
    PlaceScene scene;
    scene.eye = {0, between(rng, 1.15f, 1.65f), 0};
    set_hour(scene, hour, is_town(kind), rng);
    add_outdoors(scene, kind, hour, 0, rng);
    return scene;
}

} // namespace rih
