// SPDX-License-Identifier: Apache-2.0
// A mesh's maps as pictures of a scene's folder: PNG of 8 bits, three of them (docs/rendering.md).
#pragma once

#include "renderih/math/types.h"
#include "renderih/math/vec.h"
#include "renderih/scene/surface_maps.h"

#include <filesystem>
#include <vector>

namespace rih {

struct MapFiles {
    std::filesystem::path albedo; ///< RGB: 255 sqrt(linear Rec.709)
    std::filesystem::path relief; ///< R: gloss, G, B: slopes, as in SurfaceTexel
    std::filesystem::path folds;  ///< R, G: folds, likewise
};

void write_maps(const MapFiles& files, const SurfaceMaps& maps);

/// Throws UserError for pictures that cannot be read, differ in size, or whose sides are no
/// multiple of kMapSideStep.
SurfaceMaps read_maps(const MapFiles& files, double metres_per_uv);

/// The maps' albedo at each vertex, over some millimetres: for renderers that know no maps.
std::vector<Vec3f> vertex_albedo_of(const SurfaceMaps& maps, const Points2& uv);

} // namespace rih
