// SPDX-License-Identifier: Apache-2.0
// Which triangles of two meshes meet, decided exactly (floating-point filter, then exact rational
// arithmetic), so that "no intersecting pair" is a proof for the vertices as given.
#pragma once

#include "renderih/geometry/mesh.h"
#include "renderih/geometry/triangle_intersection.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace rih {

class TriangleTree;

/// All pairs (face of a, face of b) that intersect, sorted; at most `limit` of them, then those
/// that the search meets first, which is a function of the meshes alone.
std::vector<std::pair<int, int>>
intersecting_triangles(const TriMesh& a, const TriMesh& b, std::size_t limit = SIZE_MAX);

/// The same for meshes whose trees are there already, `b` moved by `b_shift`: decided for the
/// vertices of `b` plus the shift, rounded to doubles.
std::vector<std::pair<int, int>> intersecting_triangles(const TriangleTree& a,
                                                        const TriangleTree& b,
                                                        std::size_t limit = SIZE_MAX,
                                                        const Vec3& b_shift = Vec3::Zero());

/// The pairs of faces of one mesh, the lower first, that share no vertex and yet intersect, sorted.
/// `faces` and `tree` are of the same mesh.
std::vector<std::pair<int, int>> self_intersecting_triangles(const TriangleTree& tree,
                                                             const Triangles& faces);

} // namespace rih
