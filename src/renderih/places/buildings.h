// SPDX-License-Identifier: Apache-2.0
// What people build outdoors: blocks with recessed windows, houses with gables, cars, lamp posts,
// benches, fences, containers.
#pragma once

#include "renderih/places/place_scene.h"

namespace rih {

struct BuildingMaterials {
    int wall = 0, frame = 0, glass = 0, roof = 0;
    Vec2f window{2.4f, 3.1f}; ///< m from one window to the next, across and up; the glass's own
};

/// Fronts of `glass` behind piers and sills on all four sides, under a flat roof. The stand is the
/// middle of its foot; `size` is width, height, depth.
void add_block(PlaceMesh& mesh, const Stand& stand, Vec3f size, const BuildingMaterials& materials);

/// Walls with some windows under a gable roof.
void add_house(PlaceMesh& mesh, const Stand& stand, Vec3f size, const BuildingMaterials& materials);

struct CarMaterials {
    int paint = 0, glass = 0, tyre = 0, trim = 0;
};
void add_car(PlaceMesh& mesh, const Stand& stand, const CarMaterials& materials);

/// The lamp is lit when `radiance` is not zero.
void add_lamp_post(
    PlaceScene& scene, const Stand& stand, float height, int metal, int lamp, Vec3f radiance);
void add_bench(PlaceMesh& mesh, const Stand& stand, int wood, int metal);
void add_fence(PlaceMesh& mesh, const Stand& stand, float length, float height, int material);
void add_container(PlaceMesh& mesh, const Stand& stand, int material);

} // namespace rih
