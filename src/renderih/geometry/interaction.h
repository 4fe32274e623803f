// SPDX-License-Identifier: Apache-2.0
// Measures between two closed meshes: how deep, how near, how much contact. Intersection is decided
// exactly, distances are exact up to rounding, the area has the error stated below.
#pragma once

#include "renderih/geometry/mesh.h"
#include "renderih/geometry/signed_distance.h"

#include <vector>

namespace rih {

struct MeshInteraction {
    std::size_t intersecting_triangle_pairs = 0;
    /// How far from the other's surface the deepest point of either mesh lies inside the other,
    /// never too much and too little by what deepest_point.h says. 0 when nothing intersects.
    /// Positive without a single intersecting pair when one mesh lies wholly inside the other. m
    double penetration_depth_m = 0;
    double min_distance_m = 0; ///< 0 when they intersect or one is inside the other
    /// Area of `a` inside `b` or within `contact_distance` of it. The rim of the region is found by
    /// linear interpolation of the distance over triangles with edges up to a step of 1 mm (1/64 of
    /// a face's edge, if that is longer), so its place is off by about step^2 / (8 x the radius of
    /// curvature of `b`): under 1 % of the area for hands at 2 mm.
    double contact_area_mm2 = 0;
    /// The same within 1 mm and, with a step of 2 mm, within 5 mm.
    double contact_area_1mm_mm2 = 0, contact_area_5mm_mm2 = 0;
    std::vector<int> contact_vertices_a, contact_vertices_b; ///< inside or that near, ascending
};

inline constexpr double kContactDistance = 0.002; // m

/// Throws UserError for meshes that are empty, not closed, or have a coordinate that is not finite,
/// and for a `contact_distance` outside 0 .. 1 m.
MeshInteraction
measure_interaction(const TriMesh& a, const TriMesh& b, double contact_distance = kContactDistance);

/// The same for meshes whose trees are there already (MeshDistance of the same mesh).
struct SolidMesh {
    const Points& vertices; ///< [V, 3] m
    const Triangles& faces; ///< [F]
    const MeshDistance& distance;
};
MeshInteraction measure_interaction(const SolidMesh& a,
                                    const SolidMesh& b,
                                    double contact_distance = kContactDistance);

} // namespace rih
