// SPDX-License-Identifier: Apache-2.0
// Whether two triangles meet, decided exactly (floating-point filter, then integers of any length).
#pragma once

#include "renderih/geometry/triangle_leaf.h"

namespace rih {

/// True when the closed segment p q and the closed triangle share at least one point. Both this and
/// triangles_intersect() take any finite input, also triangles without area and segments without
/// length, and throw UserError for a coordinate that is not finite.
bool segment_intersects_triangle(const Vec3& p, const Vec3& q, const Triangle3& triangle);

/// True when the closed triangles share at least one point (touching counts).
bool triangles_intersect(const Triangle3& a, const Triangle3& b);

/// The same for triangles that are known to be finite.
bool finite_triangles_intersect(const Triangle3& a, const Triangle3& b);

} // namespace rih
