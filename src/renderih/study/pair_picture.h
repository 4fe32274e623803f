// SPDX-License-Identifier: Apache-2.0
// Plain shaded pictures of hands, by the label rasteriser: quick, and without light or camera to
// distract.
#pragma once

#include "renderih/image/image.h"
#include "renderih/posing/parameters.h"

#include <filesystem>
#include <vector>

namespace rih {

struct PictureHands {
    std::array<Points, 2> vertices; // [V, 3] world, posed
};
PictureHands picture_hands(const PairRig& rig, const PairParameters& parameters);

/// One mesh with a colour for each vertex, 0 .. 1 sRGB.
struct ColouredMesh {
    Points vertices, colours; // [V, 3]
    Triangles faces;
};

/// Meshes seen along `forward` (world), `up` upwards, framed about all vertices; light from the
/// camera, white background.
Image8
shade(const std::vector<ColouredMesh>& meshes, const Vec3& forward, const Vec3& up, int side_px);

/// Both hands without forearms, right hand warm, left hand cool.
Image8 shade_pair(const HandPair& hands, const PictureHands& pair, int side_px);

/// Pictures in columns[c][r], as a JPEG.
void write_contact_sheet(const std::filesystem::path& path,
                         const HandPair& hands,
                         const std::vector<std::vector<PictureHands>>& columns,
                         int side_px = 160);

} // namespace rih
