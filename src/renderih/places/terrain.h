// SPDX-License-Identifier: Apache-2.0
// The land around the eye out to the horizon: a height field on a polar grid, flat in the middle.
#pragma once

#include "renderih/places/place_scene.h"

namespace rih {

struct TerrainOptions {
    float flat_radius = 12; ///< m; about level within
    float bumps = 0.25f;    ///< m, of the ground nearby
    float hills = 40;       ///< m
    float mountains = 0;    ///< m
    float shore_distance =
        0;           ///< m; beyond it, on the side of +x, land lies below the water; 0: no water
    float dunes = 0; ///< m
    std::uint32_t seed = 0;
};

class Terrain {
  public:
    explicit Terrain(const TerrainOptions& options) : options_(options) {}

    float height(float x, float z) const;
    void add_to(PlaceMesh& mesh, int material) const;

  private:
    TerrainOptions options_;
};

} // namespace rih
