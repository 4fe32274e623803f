// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/outdoor.h"

#include "renderih/math/sampling.h"
#include "renderih/places/buildings.h"
#include "renderih/places/noise.h"
#include "renderih/places/plants.h"
#include "renderih/places/terrain.h"

#include <algorithm>
#include <optional>

namespace rih {

namespace {

float between(Rng& rng, float low, float high) {
    return low + (high - low) * rng.uniform_float();
}

bool chance(Rng& rng, float p) {
    return rng.uniform_float() < p;
}

template <std::size_t N>
Vec3f one_of(const std::array<Vec3f, N>& colours, Rng& rng) {
    const Vec3f c = colours[rng.uniform_index(N)];
    const float tone = between(rng, 0.85f, 1.15f);
    return tone * Vec3f{c.x * between(rng, 0.93f, 1.07f), c.y, c.z * between(rng, 0.93f, 1.07f)};
}

// Albedos of common materials, linear: measured diffuse reflectances lie near these.
constexpr std::array<Vec3f, 4> kGrassColours{
    {{0.09f, 0.13f, 0.035f}, {0.12f, 0.14f, 0.04f}, {0.07f, 0.11f, 0.03f}, {0.19f, 0.17f, 0.07f}}};
constexpr std::array<Vec3f, 4> kLeafColours{{{0.06f, 0.11f, 0.025f},
                                             {0.09f, 0.13f, 0.03f},
                                             {0.045f, 0.085f, 0.025f},
                                             {0.2f, 0.12f, 0.025f}}};
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
/// High pressure sodium, and white diodes of 3000 K.
constexpr std::array<Vec3f, 2> kStreetLights{{{1.45f, 0.9f, 0.28f}, {1.25f, 0.96f, 0.62f}}};

bool is_town(OutdoorKind kind) {
    return kind == OutdoorKind::Street || kind == OutdoorKind::Square ||
           kind == OutdoorKind::Suburb || kind == OutdoorKind::Yard;
}

/// Builds one kind of place.
class Builder {
  public:
    Builder(PlaceScene& scene, OutdoorKind kind, Hour hour, float clear, Rng& rng)
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
            const Vec3f green = one_of(kLeafColours, rng);
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

    void build() {
        add_things();
        if (is_night_ && !is_town(kind_)) {
            lantern();
        }
    }

  private:
    void add_things() {
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

    /// Out of town a lantern or a fire some way off lights what is near.
    void lantern() {
        const Vec3f at =
            on_ground(somewhere(std::max(1.8f, clear_ + 1), std::max(4.5f, clear_ + 3)));
        const Vec3f radiance = between(rng_, 60, 300) * Vec3f{1.5f, 0.9f, 0.33f};
        const int light = scene_.add({.colour_a = {0.6f, 0.5f, 0.4f}, .emission = radiance}, true);
        const Vec3f middle{0, 0.22f, 0};
        mesh_.cylinder({at}, {}, {0, 0.12f, 0}, {0.07f, 0.07f}, 20, metal_);
        mesh_.pillow({at}, middle, {0.05f, 0.08f, 0.05f}, 0.9f, light);
        mesh_.cylinder({at}, {0, 0.31f, 0}, {0, 0.35f, 0}, {0.07f, 0.02f}, 20, metal_);
        scene_.lamps.push_back(
            {.centre = at + middle, .radius = 0.09f, .radiance = 0.4f * radiance});
    }

    /// A random place on the ground between two distances, thinner outwards.
    Vec3f somewhere(float from, float to) {
        const float r = from * std::pow(to / from, rng_.uniform_float());
        const float azimuth = kTwoPiF * rng_.uniform_float();
        return {r * std::cos(azimuth), 0, r * std::sin(azimuth)};
    }
    Detail detail_at(Vec3f p) const {
        const float r = length(p);
        return r < 16 ? Detail::Near : (r < 70 ? Detail::Middle : Detail::Far);
    }
    Vec3f on_ground(Vec3f p) const { return {p.x, terrain_->height(p.x, p.z), p.z}; }

    void land(const TerrainOptions& options, int material) {
        TerrainOptions with_seed = options;
        with_seed.seed = rng_.next_u32();
        with_seed.flat_radius = std::max(with_seed.flat_radius, clear_ + 3);
        terrain_.emplace(with_seed);
        terrain_->add_to(mesh_, material);
    }
    int ground(Vec3f a, Vec3f b, float woods) {
        return scene_.add({.pattern = Pattern::Ground,
                           .colour_a = a,
                           .colour_b = b,
                           .size = woods,
                           .relief = 1,
                           .seed = rng_.next_u32()});
    }

    void tree(Vec3f p, float height, bool conifer) {
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
    int conifer_leaf() {
        if (conifer_leaf_ < 0) {
            conifer_leaf_ = scene_.add({.pattern = Pattern::Leaf,
                                        .colour_a = {0.025f, 0.05f, 0.02f},
                                        .colour_b = {0.055f, 0.085f, 0.03f},
                                        .through = 0.15f,
                                        .seed = rng_.next_u32()});
        }
        return conifer_leaf_;
    }
    /// `near` within some 16 m, `middle` up to 70, `far` up to 400.
    void trees(int near, int middle, int far, float conifers, float low, float high) {
        for (int i = 0; i < near + middle + far; ++i) {
            const Vec3f p = i < near            ? somewhere(std::max(4.5f, clear_ + 3), 16)
                            : i < near + middle ? somewhere(18, 70)
                                                : somewhere(70, 420);
            tree(on_ground(p), between(rng_, low, high), chance(rng_, conifers));
        }
    }
    void grass(float height, int blades, Vec3f green, const GrassGround& grows) {
        const int blade = scene_.add({.pattern = Pattern::Leaf,
                                      .colour_a = 0.75f * green,
                                      .colour_b = 1.45f * green,
                                      .through = 0.3f,
                                      .seed = rng_.next_u32()});
        add_grass(mesh_,
                  {.radius = 28, .height = height, .blades = blades, .material = blade},
                  grows,
                  rng_);
    }
    GrassGround everywhere() const {
        return [this](float x, float z) -> std::optional<float> {
            if (x * x + z * z < clear_ * clear_) {
                return std::nullopt;
            }
            return terrain_->height(x, z);
        };
    }
    void stones(int count, float from, float to, float low, float high) {
        for (int i = 0; i < count; ++i) {
            const Vec3f p = on_ground(somewhere(std::max(from, clear_), to));
            add_stone(mesh_, p, between(rng_, low, high), stone_, rng_);
        }
    }

    void meadow() {
        const Vec3f green = one_of(kGrassColours, rng_);
        land({.hills = between(rng_, 30, 220),
              .mountains = chance(rng_, 0.4f) ? between(rng_, 300, 1500) : 0},
             ground(green, 0.8f * green + Vec3f{0.05f, 0.03f, 0.01f}, between(rng_, 0.3f, 1)));
        grass(between(rng_, 0.06f, 0.3f), 190000, green, everywhere());
        trees(static_cast<int>(rng_.uniform_index(3)),
              14,
              130,
              chance(rng_, 0.3f) ? 0.7f : 0.1f,
              6,
              14);
        for (int i = 0; i < 30; ++i) {
            const Vec3f p = on_ground(somewhere(std::max(8.0f, clear_ + 1), 120));
            add_shrub(mesh_,
                      p,
                      between(rng_, 0.5f, 1.8f),
                      leaves_[rng_.uniform_index(3)],
                      detail_at(p),
                      rng_);
        }
        stones(14, 2.5f, 40, 0.08f, 0.45f);
    }

    void park() {
        const Vec3f green = one_of(kGrassColours, rng_);
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
        grass(between(rng_, 0.035f, 0.07f),
              170000,
              green,
              [&](float x, float z) -> std::optional<float> {
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
            add_lamp_post(
                scene_,
                {{14.0f * (i - 1.5f) + 3, 0, middle(14.0f * (i - 1.5f) + 3) - half - 0.4f},
                 -0.5f * kPiF},
                3.6f,
                metal_,
                lamp_,
                lamp_radiance_);
        }
        for (int i = 0; i < 20; ++i) {
            const Vec3f p = on_ground(somewhere(std::max(9.0f, clear_ + 1), 60));
            add_shrub(mesh_,
                      p,
                      between(rng_, 0.6f, 1.6f),
                      leaves_[rng_.uniform_index(3)],
                      detail_at(p),
                      rng_);
        }
        skyline(90, 8, 30);
    }

    void forest() {
        const Vec3f moss{0.07f, 0.085f, 0.03f}, litter{0.13f, 0.085f, 0.05f};
        land({.flat_radius = 3, .bumps = 0.35f, .hills = 60}, ground(litter, moss, 1));
        const float conifers = between(rng_, 0, 1);
        trees(9, 60, 120, conifers, 9, 20);
        grass(0.12f, 30000, moss + Vec3f{0.01f, 0.03f, 0}, everywhere());
        for (int i = 0; i < 26; ++i) {
            const Vec3f p = on_ground(somewhere(std::max(3.0f, clear_ + 1), 40));
            add_shrub(mesh_,
                      p,
                      between(rng_, 0.3f, 1.1f),
                      leaves_[rng_.uniform_index(3)],
                      detail_at(p),
                      rng_);
        }
        for (int i = 0; i < 900; ++i) { // fallen leaves
            const Vec3f p = on_ground(somewhere(std::max(0.6f, clear_), 10));
            mesh_.leaves(p + Vec3f{0, 0.02f, 0}, {0.2f, 0.01f, 0.2f}, 4, 0.03f, leaves_[2], rng_);
        }
        stones(16, 1.5f, 25, 0.1f, 0.7f);
    }

    void desert() {
        const std::array<Vec3f, 3> sands{
            {{0.48f, 0.36f, 0.22f}, {0.55f, 0.45f, 0.32f}, {0.4f, 0.24f, 0.14f}}};
        const int sand = scene_.add({.pattern = Pattern::Sand,
                                     .colour_a = one_of(sands, rng_),
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

    void snow() {
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

    void lake() {
        const Vec3f green = one_of(kGrassColours, rng_);
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
                tree(p, between(rng_, 5, 14), chance(rng_, 0.4f));
            }
        }
    }

    BuildingMaterials building(bool house) {
        BuildingMaterials m;
        const bool brick = chance(rng_, 0.4f);
        m.wall = scene_.add(
            {.pattern = brick ? Pattern::Brick
                              : (chance(rng_, 0.3f) ? Pattern::Concrete : Pattern::Plaster),
             .colour_a = brick ? one_of(kBrickColours, rng_) : one_of(kWallColours, rng_),
             .colour_b = {0.4f, 0.38f, 0.35f},
             .size = brick ? 0.075f : 0.0f,
             .relief = 1,
             .seed = rng_.next_u32()});
        m.frame = scene_.add({.pattern = Pattern::Plaster,
                              .colour_a = one_of(kWallColours, rng_),
                              .seed = rng_.next_u32()});
        m.window =
            house ? Vec2f{1.5f, 1.6f} : Vec2f{between(rng_, 1.8f, 3.2f), between(rng_, 2.9f, 3.7f)};
        m.glass = scene_.add({.pattern = Pattern::Windows,
                              .colour_a = chance(rng_, 0.6f) ? Vec3f{0.6f, 0.6f, 0.58f}
                                                             : Vec3f{0.06f, 0.06f, 0.065f},
                              .colour_b = {m.window.x, m.window.y, 0},
                              .reflectance = 0.05f,
                              .polish = 0.96f,
                              .relief = 1,
                              .emission = lit_windows_,
                              .seed = rng_.next_u32()});
        const std::array<Vec3f, 3> roofs{
            {{0.28f, 0.11f, 0.07f}, {0.1f, 0.1f, 0.11f}, {0.2f, 0.13f, 0.1f}}};
        m.roof = scene_.add({.pattern = house ? Pattern::RoofTiles : Pattern::Concrete,
                             .colour_a = house ? one_of(roofs, rng_) : Vec3f{0.22f, 0.22f, 0.22f},
                             .colour_b = {0.1f, 0.11f, 0.07f},
                             .size = house ? 0.3f : 0.0f,
                             .relief = 1,
                             .seed = rng_.next_u32()});
        return m;
    }
    CarMaterials car() {
        return {
            scene_.add({.colour_a = one_of(kPaints, rng_), .reflectance = 0.05f, .polish = 0.9f}),
            scene_.add(
                {.colour_a = {0.015f, 0.015f, 0.017f}, .reflectance = 0.05f, .polish = 0.95f}),
            scene_.add({.colour_a = {0.02f, 0.02f, 0.02f}}),
            scene_.add({.pattern = Pattern::Metal,
                        .colour_a = {0.45f, 0.45f, 0.46f},
                        .reflectance = 0.3f,
                        .polish = 0.4f})};
    }
    int paving() {
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
    int asphalt() {
        return scene_.add({.pattern = Pattern::Asphalt,
                           .colour_a = between(rng_, 0.045f, 0.12f) * Vec3f{1.02f, 1, 0.97f},
                           .relief = 1,
                           .seed = rng_.next_u32()});
    }
    int paint() {
        return scene_.add(
            {.pattern = Pattern::Concrete, .colour_a = {0.62f, 0.62f, 0.6f}, .size = 0});
    }
    int town_ground() { return ground({0.13f, 0.13f, 0.11f}, {0.17f, 0.16f, 0.13f}, 0.5f); }

    /// Blocks all around beyond a distance.
    void skyline(float distance, float low, float high) {
        for (int i = 0; i < 26; ++i) {
            const float azimuth = kTwoPiF * (i + 0.6f * rng_.uniform_float()) / 26;
            const float r = distance * between(rng_, 1, 2.2f);
            const Vec3f foot{r * std::cos(azimuth), 0, r * std::sin(azimuth)};
            const Vec3f size{
                between(rng_, 14, 34), between(rng_, low, high), between(rng_, 10, 18)};
            add_block(mesh_,
                      {foot, 0.5f * kPiF - azimuth + between(rng_, -0.2f, 0.2f)},
                      size,
                      building(false));
        }
    }

    void street() {
        land({.flat_radius = 160, .bumps = 0, .hills = 50}, town_ground());
        const float walk = between(rng_, 2.4f, 4.5f), road = between(rng_, 6, 9);
        const float kerb = 0.12f, near_edge = clear_ + between(rng_, 0.8f, 1.6f);
        const float front = -(walk - near_edge) - clear_; // z of the fronts behind the eye
        const float far_kerb = near_edge + road, far_front = far_kerb + walk;
        const int pave = paving(), tar = asphalt(), line_paint = paint();
        mesh_.quad({}, {-220, 0.004f, far_kerb}, {440, 0, 0}, {0, 0, -road}, tar);
        mesh_.box({}, {-220, -0.2f, front - 0.5f}, {220, 0.006f, near_edge}, pave, 0.01f);
        mesh_.box({}, {-220, -0.2f, far_kerb}, {220, kerb, far_front + 0.5f}, pave, 0.01f);
        const int stone = scene_.add({.pattern = Pattern::Concrete,
                                      .colour_a = {0.33f, 0.32f, 0.3f},
                                      .size = 1,
                                      .relief = 1});
        mesh_.box({}, {-220, -0.2f, near_edge - 0.14f}, {220, 0.02f, near_edge}, stone, 0.015f);
        mesh_.box(
            {}, {-220, -0.2f, far_kerb}, {220, kerb + 0.012f, far_kerb + 0.14f}, stone, 0.015f);
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
                add_car(mesh_,
                        {{x + between(rng_, -0.3f, 0.3f), 0, far_kerb - 1.1f}, 0.5f * kPiF},
                        car());
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

    void square() {
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
                        add_block(mesh_,
                                  turned.at({x + 0.5f * wide, 0, half + 6}),
                                  size,
                                  building(false));
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

    void suburb() {
        const Vec3f green = one_of(kGrassColours, rng_);
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
                tree(p, between(rng_, 4, 11), chance(rng_, 0.25f));
            }
        }
    }

    void yard() {
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
                                 .colour_a = one_of(kWallColours, rng_),
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
                                          .colour_a = one_of(colours, rng_),
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

    PlaceScene& scene_;
    PlaceMesh& mesh_;
    OutdoorKind kind_;
    float clear_;
    bool is_night_ = false;
    Rng& rng_;
    std::optional<Terrain> terrain_;
    Vec3f lamp_radiance_, lit_windows_;
    int lamp_ = 0, metal_ = 0, wood_ = 0, bark_ = 0, stone_ = 0, conifer_leaf_ = -1;
    std::array<int, 3> leaves_{};
};

} // namespace

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
    Builder(scene, kind, hour, clear_radius, rng).build();
}

PlaceScene make_outdoor_scene(OutdoorKind kind, Hour hour, Rng& rng) {
    PlaceScene scene;
    scene.eye = {0, between(rng, 1.15f, 1.65f), 0};
    set_hour(scene, hour, is_town(kind), rng);
    add_outdoors(scene, kind, hour, 0, rng);
    return scene;
}

} // namespace rih
