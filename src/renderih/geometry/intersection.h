// SPDX-License-Identifier: Apache-2.0
// Which triangles of two meshes meet, decided exactly (floating-point filter, then exact rational
// arithmetic), so that "no intersecting pair" is a proof for the vertices as given.
#pragma once

#include "renderih/geometry/mesh.h"

#include <utility>
#include <vector>

namespace rih {

/// True when the closed triangles share at least one point (touching counts).
bool triangles_intersect(const std::array<Vec3, 3>& a, const std::array<Vec3, 3>& b);

/// All pairs (face of a, face of b) that intersect, sorted; at most `limit` of them.
std::vector<std::pair<int, int>>
intersecting_triangles(const TriMesh& a, const TriMesh& b, std::size_t limit = SIZE_MAX);

} // namespace rih
