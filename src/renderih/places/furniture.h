// SPDX-License-Identifier: Apache-2.0
// What stands in rooms. Every piece stands on its stand's origin, its back towards -z, in metres of
// usual furniture.
#pragma once

#include "renderih/places/place_scene.h"

#include <array>

namespace rih {

/// Materials that the pieces of one room share.
struct RoomMaterials {
    int wood = 0, second_wood = 0, white = 0, metal = 0, fabric = 0, second_fabric = 0, cushion = 0;
    int dark = 0, ceramic = 0, leaf = 0, bark = 0, screen = 0, glass = 0, linen = 0, stone = 0;
    std::array<int, 8> things{}; ///< plain colours: books, boxes, bottles
};

void add_table(PlaceMesh& mesh, const Stand& stand, Vec3f size, int top, int legs);
void add_chair(PlaceMesh& mesh, const Stand& stand, int seat, int legs);
void add_office_chair(PlaceMesh& mesh, const Stand& stand, const RoomMaterials& m);
void add_sofa(PlaceMesh& mesh, const Stand& stand, float width, const RoomMaterials& m, Rng& rng);
void add_bed(PlaceMesh& mesh, const Stand& stand, float width, const RoomMaterials& m, Rng& rng);
/// Boards with books and things on them.
void add_shelf(PlaceMesh& mesh, const Stand& stand, Vec3f size, const RoomMaterials& m, Rng& rng);
/// A closed cupboard with doors or drawers.
void add_cupboard(
    PlaceMesh& mesh, const Stand& stand, Vec3f size, int columns, int rows, int body, int handle);
void add_monitor(PlaceMesh& mesh, const Stand& stand, float width, const RoomMaterials& m);
void add_picture(
    PlaceMesh& mesh, const Stand& stand, float width, float height, int frame, int canvas);
void add_plant(PlaceMesh& mesh, const Stand& stand, float height, const RoomMaterials& m, Rng& rng);
/// Corrugated cloth from `width` x `height` at the stand's origin upwards.
void add_curtain(PlaceMesh& mesh, const Stand& stand, float width, float height, int cloth);
/// Cups, bottles, a bowl, papers: what lies about on a surface of this size.
void add_clutter(PlaceMesh& mesh,
                 const Stand& stand,
                 float width,
                 float depth,
                 const RoomMaterials& m,
                 Rng& rng);
void add_radiator(PlaceMesh& mesh, const Stand& stand, float width, int material);

} // namespace rih
