// SPDX-License-Identifier: Apache-2.0
// Measures between two closed meshes: how deep, how near, how much contact.
#pragma once

#include "renderih/geometry/mesh.h"

#include <vector>

namespace rih {

struct MeshInteraction {
    std::size_t intersecting_triangle_pairs = 0;
    /// Symmetric maximum over points of one surface inside the other of the distance to the other's
    /// surface; the points are vertices and where edges cross faces' interiors are covered by the
    /// midpoint of the edge's inner piece. 0 when nothing intersects. m
    double penetration_depth_m = 0;
    double min_distance_m = 0;   ///< 0 when they intersect
    double contact_area_mm2 = 0; ///< area of `a` within `contact_distance` of `b`
    std::vector<int> contact_vertices_a, contact_vertices_b; ///< within `contact_distance`
};

inline constexpr double kContactDistance = 0.002; // m

MeshInteraction
measure_interaction(const TriMesh& a, const TriMesh& b, double contact_distance = kContactDistance);

} // namespace rih
