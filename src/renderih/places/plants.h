// SPDX-License-Identifier: Apache-2.0
// Trees, shrubs, grass and stones, as triangles.
#pragma once

#include "renderih/places/place_scene.h"

#include <functional>
#include <optional>

namespace rih {

struct TreeMaterials {
    int bark = 0, leaf = 0;
};

enum class Detail { Near, Middle, Far }; ///< within about 20 m, 80 m, further

/// A broad crown on a forked stem.
void add_broadleaf(
    PlaceMesh& mesh, Vec3f foot, float height, TreeMaterials materials, Detail detail, Rng& rng);
void add_conifer(
    PlaceMesh& mesh, Vec3f foot, float height, TreeMaterials materials, Detail detail, Rng& rng);
void add_shrub(PlaceMesh& mesh, Vec3f foot, float height, int leaf, Detail detail, Rng& rng);

/// Where a blade of grass stands, or nothing.
using GrassGround = std::function<std::optional<float>(float x, float z)>;

/// Blades about the origin: thick near it, thinner and broader outwards to `radius`, where `ground`
/// has a height for them.
struct GrassOptions {
    float radius = 28, height = 0.09f; ///< m
    int blades = 120000;
    int material = 0;
};
void add_grass(PlaceMesh& mesh, const GrassOptions& options, const GrassGround& ground, Rng& rng);

/// An irregular stone.
void add_stone(PlaceMesh& mesh, Vec3f centre, float size, int material, Rng& rng);

} // namespace rih
