// SPDX-License-Identifier: Apache-2.0
// Every decision below is the sign of an exact determinant or a comparison of input coordinates, so
// no tolerance appears. Triangles that span a plane meet exactly when an edge of one meets the
// other; triangles without area are the union of their edges.
#include "renderih/geometry/triangle_intersection.h"

#include "renderih/base/error.h"
#include "renderih/geometry/predicates.h"

#include <algorithm>

namespace rih {
namespace {

/// Drops coordinate `axis`, keeping the others in cyclic order.
Vec2 without(const Vec3& x, int axis) {
    return {x[(axis + 1) % 3], x[(axis + 2) % 3]};
}

/// An axis along which a, b, c project to a triangle with area, or -1 when they lie on one line. On
/// their plane that projection is one to one.
int spanning_axis(const Vec3& a, const Vec3& b, const Vec3& c) {
    for (int axis = 0; axis < 3; ++axis) {
        if (orient2d(without(a, axis), without(b, axis), without(c, axis)) != 0) {
            return axis;
        }
    }
    return -1;
}

bool less_lexicographic(const Vec3& a, const Vec3& b) {
    return std::lexicographical_compare(a.data(), a.data() + 3, b.data(), b.data() + 3);
}

/// Closed segments on one line: they meet when each begins before the other ends.
bool collinear_segments_meet(const Vec3& p, const Vec3& q, const Vec3& r, const Vec3& s) {
    const auto [p_low, p_high] = std::minmax(p, q, less_lexicographic);
    const auto [r_low, r_high] = std::minmax(r, s, less_lexicographic);
    return !less_lexicographic(p_high, r_low) && !less_lexicographic(r_high, p_low);
}

/// c on the line of a, b: whether it is on the closed segment.
bool on_segment(const Vec2& a, const Vec2& b, const Vec2& c) {
    return c.x() >= std::min(a.x(), b.x()) && c.x() <= std::max(a.x(), b.x()) &&
           c.y() >= std::min(a.y(), b.y()) && c.y() <= std::max(a.y(), b.y());
}

bool plane_segments_meet(const Vec2& p, const Vec2& q, const Vec2& r, const Vec2& s) {
    const int rs_p = orient2d(r, s, p), rs_q = orient2d(r, s, q);
    const int pq_r = orient2d(p, q, r), pq_s = orient2d(p, q, s);
    if (rs_p * rs_q < 0 && pq_r * pq_s < 0) {
        return true;
    }
    return (rs_p == 0 && on_segment(r, s, p)) || (rs_q == 0 && on_segment(r, s, q)) ||
           (pq_r == 0 && on_segment(p, q, r)) || (pq_s == 0 && on_segment(p, q, s));
}

bool segments_meet(const Vec3& p, const Vec3& q, const Vec3& r, const Vec3& s) {
    if (orient3d(p, q, r, s) != 0) {
        return false;
    }
    int axis = spanning_axis(p, q, r);
    if (axis < 0) {
        axis = spanning_axis(p, q, s);
    }
    if (axis < 0) {
        axis = spanning_axis(p, r, s);
    }
    if (axis < 0) {
        axis = spanning_axis(q, r, s);
    }
    if (axis < 0) {
        return collinear_segments_meet(p, q, r, s);
    }
    return plane_segments_meet(
        without(p, axis), without(q, axis), without(r, axis), without(s, axis));
}

bool in_plane_triangle(const Vec2& x, const std::array<Vec2, 3>& t) {
    const int s0 = orient2d(t[0], t[1], x), s1 = orient2d(t[1], t[2], x),
              s2 = orient2d(t[2], t[0], x);
    return (s0 >= 0 && s1 >= 0 && s2 >= 0) || (s0 <= 0 && s1 <= 0 && s2 <= 0);
}

/// The segment lies in the plane of the triangle, which has area along `axis`.
bool coplanar_segment_meets(const Vec3& p, const Vec3& q, const Triangle3& t, int axis) {
    const std::array<Vec2, 3> flat{without(t[0], axis), without(t[1], axis), without(t[2], axis)};
    const Vec2 p2 = without(p, axis), q2 = without(q, axis);
    if (in_plane_triangle(p2, flat) || in_plane_triangle(q2, flat)) {
        return true;
    }
    for (std::size_t k = 0; k < 3; ++k) {
        if (plane_segments_meet(p2, q2, flat[k], flat[(k + 1) % 3])) {
            return true;
        }
    }
    return false;
}

/// `p_side`, `q_side`: of the plane of `t`, which has area.
bool segment_meets(const Vec3& p, const Vec3& q, int p_side, int q_side, const Triangle3& t) {
    if (p_side * q_side > 0) {
        return false;
    }
    if (p_side == 0 && q_side == 0) {
        return coplanar_segment_meets(p, q, t, spanning_axis(t[0], t[1], t[2]));
    }
    // The line p q crosses the plane once; it must pass all edges on the same side.
    const int s0 = orient3d(p, q, t[0], t[1]);
    const int s1 = orient3d(p, q, t[1], t[2]);
    if (s0 * s1 < 0) {
        return false;
    }
    const int s2 = orient3d(p, q, t[2], t[0]);
    return s0 * s2 >= 0 && s1 * s2 >= 0;
}

std::array<int, 3> sides_of_plane(const Triangle3& plane, const Triangle3& x) {
    return {orient3d(plane[0], plane[1], plane[2], x[0]),
            orient3d(plane[0], plane[1], plane[2], x[1]),
            orient3d(plane[0], plane[1], plane[2], x[2])};
}

bool all_on_one_side(const std::array<int, 3>& s) {
    return s[0] != 0 && s[0] == s[1] && s[1] == s[2];
}

bool all_zero(const std::array<int, 3>& s) {
    return s[0] == 0 && s[1] == 0 && s[2] == 0;
}

bool has_area(const Triangle3& t) {
    return spanning_axis(t[0], t[1], t[2]) >= 0;
}

bool an_edge_meets(const Triangle3& edges, const std::array<int, 3>& sides, const Triangle3& t) {
    for (std::size_t k = 0; k < 3; ++k) {
        const std::size_t n = (k + 1) % 3;
        if (segment_meets(edges[k], edges[n], sides[k], sides[n], t)) {
            return true;
        }
    }
    return false;
}

void require_finite(const Triangle3& t) {
    for (const Vec3& x : t) {
        RIH_REQUIRE(x.allFinite(), "a triangle has a coordinate that is not a finite number");
    }
}

Box3 box_of(const Triangle3& t) {
    Box3 box;
    for (const Vec3& x : t) {
        box.include(x);
    }
    return box;
}

} // namespace

bool finite_triangles_intersect(const Triangle3& a, const Triangle3& b) {
    const std::array<int, 3> a_sides = sides_of_plane(b, a);
    if (all_on_one_side(a_sides)) {
        return false;
    }
    const std::array<int, 3> b_sides = sides_of_plane(a, b);
    if (all_on_one_side(b_sides)) {
        return false;
    }
    // A triangle with a point off its plane has area; only all zeros leave that open.
    const bool a_has_area = !all_zero(b_sides) || has_area(a);
    const bool b_has_area = !all_zero(a_sides) || has_area(b);
    if ((b_has_area && an_edge_meets(a, a_sides, b)) ||
        (a_has_area && an_edge_meets(b, b_sides, a))) {
        return true;
    }
    if (a_has_area || b_has_area) {
        return false;
    }
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
            if (segments_meet(a[i], a[(i + 1) % 3], b[j], b[(j + 1) % 3])) {
                return true;
            }
        }
    }
    return false;
}

bool segment_intersects_triangle(const Vec3& p, const Vec3& q, const Triangle3& triangle) {
    RIH_REQUIRE(p.allFinite() && q.allFinite(), "a segment has an end that is not finite");
    require_finite(triangle);
    return finite_triangles_intersect({p, q, q}, triangle);
}

bool triangles_intersect(const Triangle3& a, const Triangle3& b) {
    require_finite(a);
    require_finite(b);
    return box_of(a).overlaps(box_of(b)) && finite_triangles_intersect(a, b);
}

} // namespace rih
