// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/triangle_leaf.h"

#include "renderih/geometry/predicates.h"

namespace rih {
namespace {

/// Of the point that is `w` from the edge's first end.
Double4 edge_squared_distance(const Vec3x4& w, const Vec3x4& edge, Double4 squared_length) {
    const Double4 zero{}, one = splat(1);
    Double4 t = dot(edge, w) / squared_length;
    t = squared_length > zero ? min4(max4(t, zero), one) : zero;
    const Vec3x4 gap = w - t * edge;
    return dot(gap, gap);
}

} // namespace

Double4 squared_distances(const Vec3& query, const TriangleLeaf& leaf, double squared_bound) {
    const Double4 infinite = splat(std::numeric_limits<double>::infinity()), zero{};
    const Vec3x4 q = splat(query);
    const Vec3x4 ab = leaf.b - leaf.a, ac = leaf.c - leaf.a, aq = q - leaf.a;
    const Vec3x4 n = cross(ab, ac);
    const Double4 nn = dot(n, n), height = dot(n, aq), height2 = height * height;
    // As in closest_on_triangle(): a sliver's normal is not to be trusted. No edge is longer than
    // the other two together.
    const Double4 ab2 = dot(ab, ab), ac2 = dot(ac, ac);
    const Double4 size2 = splat(2) * (ab2 + ac2);
    const Mask4 sliver = nn <= splat(1e-18) * size2 * size2;
    // The slack keeps rounding from dropping the nearest of all.
    if (bits_of((height2 * splat(1 - 1e-9) <= splat(squared_bound) * nn) | sliver) == 0) {
        return infinite;
    }
    const Vec3x4 bc = leaf.c - leaf.b;
    const Double4 bc2 = dot(bc, bc);
    const Double4 v = dot(n, cross(aq, ac)), w = dot(n, cross(ab, aq));
    const Mask4 over = (v >= zero) & (w >= zero) & (v + w <= nn) & ~sliver;
    const Double4 edges =
        min4(min4(edge_squared_distance(aq, ab, ab2), edge_squared_distance(aq, ac, ac2)),
             edge_squared_distance(q - leaf.b, bc, bc2));
    return over ? height2 / nn : edges;
}

LeafPlanes::LeafPlanes(const TriangleLeaf& leaf) : origin_(leaf.a) {
    const Vec3x4 u = leaf.b - leaf.a, v = leaf.c - leaf.a;
    const Double4 p0 = u.x * v.y, m0 = u.y * v.x;
    const Double4 p1 = u.y * v.z, m1 = u.z * v.y;
    const Double4 p2 = u.z * v.x, m2 = u.x * v.z;
    normal_ = {p1 - m1, p2 - m2, p0 - m0};
    magnitude_ = {abs4(p1) + abs4(m1), abs4(p2) + abs4(m2), abs4(p0) + abs4(m0)};
}

LeafPlanes::Sides LeafPlanes::sides(const Vec3& x) const {
    const Vec3x4 w = splat(x) - origin_;
    const Vec3x4 size{abs4(w.x), abs4(w.y), abs4(w.z)};
    const Double4 det = w.z * normal_.z + w.x * normal_.x + w.y * normal_.y;
    const Double4 permanent = size.z * magnitude_.z + size.x * magnitude_.x + size.y * magnitude_.y;
    const Double4 bound = splat(8 * kHalfUlp) * permanent + splat(kUnderflowSlack);
    const Mask4 in_range = size.x + size.y + size.z < splat(kFilterRange);
    return {bits_of((det > bound) & in_range), bits_of((-det > bound) & in_range)};
}

} // namespace rih
