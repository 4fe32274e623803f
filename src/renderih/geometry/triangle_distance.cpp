// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/triangle_distance.h"

#include <algorithm>
#include <limits>

namespace rih {

TrianglePoint closest_on_triangle(const Vec3& query, const std::array<Vec3, 3>& triangle) {
    const auto& [a, b, c] = triangle;
    const Vec3 ab = b - a, ac = c - a, aq = query - a;
    const Vec3 n = ab.cross(ac);
    const double nn = n.squaredNorm();

    // Area coordinates of the foot of the perpendicular. A sliver's cannot be trusted (its n is
    // mostly rounding), so all of its edges are asked.
    const double longest = std::max({ab.squaredNorm(), ac.squaredNorm(), (c - b).squaredNorm()});
    const bool sliver = nn <= 1e-18 * longest * longest;
    Vec3 bary = Vec3::Constant(-1);
    if (!sliver) {
        bary[1] = n.dot(aq.cross(ac)) / nn;
        bary[2] = n.dot(ab.cross(aq)) / nn;
        bary[0] = 1 - bary[1] - bary[2];
        if (bary.minCoeff() >= 0) {
            const Vec3 point = a + bary[1] * ab + bary[2] * ac;
            return {point, bary, (query - point).squaredNorm()};
        }
    }
    // Else the nearest point lies on an edge whose line parts the foot from the triangle: its
    // outward direction is in the normal cone of that edge.
    TrianglePoint best;
    best.squared_distance = std::numeric_limits<double>::infinity();
    for (int k = 0; k < 3; ++k) {
        if (bary[k] >= 0) {
            continue;
        }
        const int i = (k + 1) % 3, j = (k + 2) % 3;
        const Vec3& from = triangle[static_cast<std::size_t>(i)];
        const Vec3 edge = triangle[static_cast<std::size_t>(j)] - from;
        const double length2 = edge.squaredNorm();
        const double t = length2 > 0 ? std::clamp(edge.dot(query - from) / length2, 0.0, 1.0) : 0.0;
        const Vec3 point = from + t * edge;
        const double d2 = (query - point).squaredNorm();
        if (d2 < best.squared_distance) {
            best.squared_distance = d2;
            best.point = point;
            best.barycentric.setZero();
            best.barycentric[i] = 1 - t;
            best.barycentric[j] = t;
        }
    }
    return best;
}

double segment_squared_distance(const Vec3& a0, const Vec3& a1, const Vec3& b0, const Vec3& b1) {
    const Vec3 u = a1 - a0, v = b1 - b0, w = b0 - a0;
    const double uu = u.squaredNorm(), vv = v.squaredNorm(), uv = u.dot(v);
    const double uw = u.dot(w), vw = v.dot(w);
    const auto clamp01 = [](double x) { return std::clamp(x, 0.0, 1.0); };
    const auto squared = [&](double s, double t) { return (w + t * v - s * u).squaredNorm(); };

    // The least of a convex quadratic over the unit square: on one of the four sides, each a point
    // against a segment, or where both derivatives vanish.
    double best = std::numeric_limits<double>::infinity();
    for (const double s : {0.0, 1.0}) {
        best = std::min(best, squared(s, vv > 0 ? clamp01((s * uv - vw) / vv) : 0.0));
        const double t = s;
        best = std::min(best, squared(uu > 0 ? clamp01((t * uv + uw) / uu) : 0.0, t));
    }
    const double det = uu * vv - uv * uv;
    if (det > 0) {
        const double s = clamp01((uw * vv - vw * uv) / det);
        best = std::min(best, squared(s, clamp01((s * uv - vw) / vv)));
    }
    return best;
}

double triangle_squared_distance(const std::array<Vec3, 3>& a, const std::array<Vec3, 3>& b) {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < 3; ++i) {
        best = std::min(best, closest_on_triangle(a[i], b).squared_distance);
        best = std::min(best, closest_on_triangle(b[i], a).squared_distance);
        for (std::size_t j = 0; j < 3; ++j) {
            best = std::min(best,
                            segment_squared_distance(a[i], a[(i + 1) % 3], b[j], b[(j + 1) % 3]));
        }
    }
    return best;
}

} // namespace rih
