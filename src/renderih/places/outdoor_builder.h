// SPDX-License-Identifier: Apache-2.0
// How outdoor places are put together (outdoor.h): what all kinds share, and a function a kind.
#pragma once

#include "renderih/places/buildings.h"
#include "renderih/places/outdoor.h"
#include "renderih/places/plants.h"
#include "renderih/places/terrain.h"

#include <optional>

namespace rih {

/// Grass of several meadows, fresh to dry.
inline constexpr std::array<Vec3f, 4> kGrassColours{
    {{0.09f, 0.13f, 0.035f}, {0.12f, 0.14f, 0.04f}, {0.07f, 0.11f, 0.03f}, {0.19f, 0.17f, 0.07f}}};

class OutdoorBuilder {
  public:
    OutdoorBuilder(PlaceScene& scene, OutdoorKind kind, Hour hour, float clear, Rng& rng);
    void build();

  private:
    void add_things();
    /// Out of town a lantern or a fire some way off lights what is near.
    void lantern();
    /// A random place on the ground between two distances, thinner outwards.
    Vec3f somewhere(float from, float to);
    Detail detail_at(Vec3f p) const;
    Vec3f on_ground(Vec3f p) const;
    void land(const TerrainOptions& options, int material);
    int ground(Vec3f a, Vec3f b, float woods);
    void tree(Vec3f p, float height, bool conifer);
    int conifer_leaf();
    /// `near` within some 16 m, `middle` up to 70, `far` up to 400.
    void trees(int near, int middle, int far, float conifers, float low, float high);
    void grass(float height, int blades, Vec3f green, const GrassGround& grows);
    GrassGround everywhere() const;
    void stones(int count, float from, float to, float low, float high);
    void meadow();
    void park();
    void forest();
    void desert();
    void snow();
    void lake();
    BuildingMaterials building(bool house);
    CarMaterials car();
    int paving();
    int asphalt();
    int paint();
    int town_ground();
    /// Blocks all around beyond a distance.
    void skyline(float distance, float low, float high);
    void street();
    void square();
    void suburb();
    void yard();

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

} // namespace rih
