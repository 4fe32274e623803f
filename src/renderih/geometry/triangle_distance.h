// SPDX-License-Identifier: Apache-2.0
// Distances between points, segments and closed triangles in double precision; right for slivers
// and for triangles without area too.
#pragma once

#include "renderih/math/types.h"

#include <array>

namespace rih {

struct TrianglePoint {
    Vec3 point = Vec3::Zero();
    Vec3 barycentric = Vec3::Zero();
    double squared_distance = 0;
};

/// The point of the closed triangle that is nearest to `query`.
TrianglePoint closest_on_triangle(const Vec3& query, const std::array<Vec3, 3>& triangle);

/// Squared distance between segments a0 a1 and b0 b1.
double segment_squared_distance(const Vec3& a0, const Vec3& a1, const Vec3& b0, const Vec3& b1);

/// Squared distance between triangles that do not cross: the least over each vertex against the
/// other face and each pair of edges.
double triangle_squared_distance(const std::array<Vec3, 3>& a, const std::array<Vec3, 3>& b);

} // namespace rih
