// SPDX-License-Identifier: Apache-2.0
// The measures of a pose pair on anybody's meshes, in metres; open ones are closed first.
#pragma once

#include "renderih/geometry/mesh.h"

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>

namespace rih {

struct MeshMeasures {
    struct Each {
        std::string file;                    ///< or another name
        std::size_t vertices = 0, faces = 0; ///< as measured: places, faces with caps
        std::size_t capped_loops = 0;
        double volume_mm3 = 0;
        /// Exact; pairs of faces that share no vertex and yet meet.
        std::size_t self_intersecting_triangle_pairs = 0;
    };
    std::array<Each, 2> meshes;
    std::size_t intersecting_triangle_pairs = 0; ///< exact; touching counts
    double penetration_depth_m = 0;              ///< symmetric
    double min_distance_m = 0;
    double intersection_volume_mm3 = 0; ///< exactly 0 when nothing overlaps
    /// Of the first mesh's surface that near to the second or inside it.
    double contact_area_1mm_mm2 = 0, contact_area_mm2 = 0, contact_area_5mm_mm2 = 0;

    std::string text() const; ///< for people, no line feed at the end
    std::string json() const; ///< one object, these names
};

/// A mesh and what messages call it.
struct NamedMesh {
    std::string name;
    TriMesh mesh;
};

/// Throws UserError for a mesh that cannot be closed: what is not measured is never a zero.
MeshMeasures measure_meshes(const NamedMesh& a, const NamedMesh& b);

/// The same for two OBJ files.
MeshMeasures measure_meshes(const std::filesystem::path& a, const std::filesystem::path& b);

} // namespace rih
