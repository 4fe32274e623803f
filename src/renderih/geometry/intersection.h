// SPDX-License-Identifier: Apache-2.0
// Which triangles of two meshes meet, decided exactly (floating-point filter, then exact rational
// arithmetic), so that "no intersecting pair" is a proof for the vertices as given.
#pragma once

#include "renderih/geometry/mesh.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace rih {

class TriangleTree;

/// True when the closed segment p q and the closed triangle share at least one point. All three of
/// these take any finite input, also triangles without area and segments without length, and throw
/// UserError for a coordinate that is not finite.
bool segment_intersects_triangle(const Vec3& p, const Vec3& q, const std::array<Vec3, 3>& triangle);

/// True when the closed triangles share at least one point (touching counts).
bool triangles_intersect(const std::array<Vec3, 3>& a, const std::array<Vec3, 3>& b);

/// All pairs (face of a, face of b) that intersect, sorted; at most `limit` of them, then those
/// that the search meets first, which is a function of the meshes alone.
std::vector<std::pair<int, int>>
intersecting_triangles(const TriMesh& a, const TriMesh& b, std::size_t limit = SIZE_MAX);

/// The same for meshes whose trees are there already.
std::vector<std::pair<int, int>>
intersecting_triangles(const TriangleTree& a, const TriangleTree& b, std::size_t limit = SIZE_MAX);

} // namespace rih
