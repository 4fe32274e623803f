// SPDX-License-Identifier: Apache-2.0
// Which vertices of one mesh lie inside another: decided exactly, and by a handful of questions
// instead of one a vertex, because what hangs together without crossing the other surface is on one
// side of it.
#pragma once

#include "renderih/geometry/mesh.h"
#include "renderih/geometry/signed_distance.h"

#include <cstdint>
#include <span>
#include <vector>

namespace rih {

/// The distinct first (or second) faces of `pairs`, as intersecting_triangles() gives them.
std::vector<int> crossing_faces(std::span<const std::pair<int, int>> pairs, bool second);

/// How often `solid` covers each vertex moved by `shift`: its winding number there. [V] `crossing`:
/// the faces of the mesh that meet the solid's surface, all of them. Vertices of no face get 0; a
/// vertex on the solid's surface may go to either side.
std::vector<int> vertex_windings(const Points& vertices,
                                 const Triangles& faces,
                                 std::span<const int> crossing,
                                 const MeshDistance& solid,
                                 const Vec3& shift = Vec3::Zero());

/// 1 for each vertex whose winding number is 1 or more, else 0. [V]
std::vector<std::uint8_t> vertices_inside(const Points& vertices,
                                          const Triangles& faces,
                                          std::span<const int> crossing,
                                          const MeshDistance& solid,
                                          const Vec3& shift = Vec3::Zero());

} // namespace rih
