// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/contact_area.h"

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

/// Bounds the work for meshes with large faces: 4^6 pieces of a face at most.
constexpr int kMaxSplits = 6;

struct Sample {
    Vec3 x;
    double distance = 0; // signed; kFar when it cannot matter
};

double area_of(const Vec3& a, const Vec3& b, const Vec3& c) {
    return 0.5 * (b - a).cross(c - a).norm();
}

double longest_edge(const std::array<Sample, 3>& t) {
    return std::sqrt(std::max({(t[1].x - t[0].x).squaredNorm(),
                               (t[2].x - t[1].x).squaredNorm(),
                               (t[0].x - t[2].x).squaredNorm()}));
}

/// The area where the linear interpolant of the distances is at most `limit`.
double clipped_area(const std::array<Sample, 3>& t, double limit) {
    const double area = area_of(t[0].x, t[1].x, t[2].x);
    std::array<double, 3> f;
    int in_count = 0;
    for (std::size_t k = 0; k < 3; ++k) {
        f[k] = t[k].distance - limit;
        in_count += f[k] <= 0;
    }
    if (in_count == 0 || in_count == 3) {
        return in_count == 0 ? 0 : area;
    }
    // The corner that is alone on its side of the rim cuts off a similar-angled triangle.
    std::size_t alone = 0;
    while ((f[alone] <= 0) != (in_count == 1)) {
        ++alone;
    }
    const double fa = f[alone];
    const double corner =
        area * (fa / (fa - f[(alone + 1) % 3])) * (fa / (fa - f[(alone + 2) % 3]));
    return in_count == 1 ? corner : area - corner;
}

/// The middle of an edge. No surface is nearer to an end than the end's own distance, so an end
/// that is farther from the surface than from the middle knows the middle's side.
Sample middle_of(const Sample& a, const Sample& b, const ContactQuery& query, double bound) {
    const Sample& sure = std::abs(a.distance) >= std::abs(b.distance) ? a : b;
    const Vec3 x = 0.5 * (a.x + b.x);
    const bool known = std::abs(sure.distance) > 1.001 * (x - sure.x).norm();
    return {x,
            known ? query.signed_distance(x, bound, sure.distance < 0)
                  : query.signed_distance(x, bound)};
}

double
area_within(const std::array<Sample, 3>& t, const ContactQuery& query, double step, int splits) {
    const double limit = query.contact_distance, edge = longest_edge(t);
    // The distance changes by no more than one metre a metre, and no point of a triangle is
    // farther from the nearest corner than its longest edge over the root of three (Jung).
    const double reach = 0.5774 * edge;
    const auto [least, most] = std::minmax({t[0].distance, t[1].distance, t[2].distance});
    if (least - reach > limit) {
        return 0;
    }
    if (most + reach <= limit) {
        return area_of(t[0].x, t[1].x, t[2].x);
    }
    if (edge <= step || splits == 0) {
        return clipped_area(t, limit);
    }
    const double bound = limit + 0.6 * edge; // more than the longest edge of a quarter
    std::array<Sample, 3> middle;            // of the edge after corner k
    for (std::size_t k = 0; k < 3; ++k) {
        middle[k] = middle_of(t[k], t[(k + 1) % 3], query, bound);
    }
    return area_within({t[0], middle[0], middle[2]}, query, step, splits - 1) +
           area_within({middle[0], t[1], middle[1]}, query, step, splits - 1) +
           area_within({middle[2], middle[1], t[2]}, query, step, splits - 1) +
           area_within({middle[0], middle[1], middle[2]}, query, step, splits - 1);
}

} // namespace

double ContactQuery::signed_distance(const Vec3& x, double bound) const {
    return signed_distance(x, bound, may_be_inside && solid.inside(x));
}

double ContactQuery::signed_distance(const Vec3& x, double bound, bool inside) const {
    const auto closest = solid.closest_within(x, inside ? kFar : bound);
    if (!closest) {
        return kFar;
    }
    return inside ? -closest->distance : closest->distance;
}

double longest_edge(const TriMesh& mesh) {
    double longest2 = 0;
    for (const auto& f : mesh.faces) {
        for (std::size_t k = 0; k < 3; ++k) {
            longest2 = std::max(
                longest2,
                (mesh.vertices.row(f[k]) - mesh.vertices.row(f[(k + 1) % 3])).squaredNorm());
        }
    }
    return std::sqrt(longest2);
}

std::vector<double>
vertex_distances(const Points& vertices, const ContactQuery& query, double bound) {
    std::vector<double> distances;
    distances.reserve(static_cast<std::size_t>(vertices.rows()));
    for (Eigen::Index i = 0; i < vertices.rows(); ++i) {
        distances.push_back(query.signed_distance(vertices.row(i).transpose(), bound));
    }
    return distances;
}

double contact_bound(const TriMesh& mesh, const ContactQuery& query) {
    return query.contact_distance + 1.001 * longest_edge(mesh);
}

double contact_area(const TriMesh& mesh,
                    const std::vector<double>& distances,
                    const ContactQuery& query,
                    double step) {
    double area = 0;
    for (const auto& f : mesh.faces) {
        std::array<Sample, 3> t;
        for (std::size_t k = 0; k < 3; ++k) {
            t[k] = {mesh.vertices.row(f[k]).transpose(), distances[static_cast<std::size_t>(f[k])]};
        }
        area += area_within(t, query, step, kMaxSplits);
    }
    return area;
}

} // namespace rih
