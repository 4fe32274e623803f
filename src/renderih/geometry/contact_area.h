// SPDX-License-Identifier: Apache-2.0
// The area of one surface that is inside another or near to it, for several distances in one pass.
#pragma once

#include "renderih/geometry/mesh.h"
#include "renderih/geometry/signed_distance.h"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace rih {

/// What lies farther than a query's bound.
inline constexpr double kFar = std::numeric_limits<double>::infinity();

/// One surface as seen from another one's solid.
struct NearSurface {
    const Points& vertices;  ///< [V, 3] m
    const Triangles& faces;  ///< [F]
    const MeshDistance& own; ///< over the same mesh
    const MeshDistance& solid;
    std::vector<std::uint8_t> inside; ///< [V] vertices_inside() the solid
    bool any_inside = false;          ///< some vertex is inside or some face crosses the solid
};

/// Distance of each vertex to the solid's surface, negative inside, exact for all that are inside
/// or within `reach` and for the vertices of faces that come within `reach`; kFar for others
/// outside. [V] m
std::vector<double> vertex_distances(const NearSurface& surface, double reach);

struct ContactLimit {
    double distance = 0; ///< m
    double step = 0;     ///< edges of the pieces whose rim is found by interpolation, m
};

/// For each limit the area of the surface that is inside the solid or within that distance of it,
/// by subdivision to edges of at most the limit's step (or 1/64 of the face's, if that is longer)
/// and linear interpolation within. `distances` are vertex_distances() with the greatest limit's
/// distance or more; limits and their steps must ascend. m^2
std::vector<double> contact_areas(const NearSurface& surface,
                                  const std::vector<double>& distances,
                                  std::span<const ContactLimit> limits);

} // namespace rih
