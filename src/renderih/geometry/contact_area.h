// SPDX-License-Identifier: Apache-2.0
// The area of one surface that is inside another or near to it.
#pragma once

#include "renderih/geometry/mesh.h"
#include "renderih/geometry/signed_distance.h"

#include <limits>
#include <vector>

namespace rih {

/// What lies farther than a query's bound.
inline constexpr double kFar = std::numeric_limits<double>::infinity();

struct ContactQuery {
    const MeshDistance& solid;
    double contact_distance = 0; ///< m
    bool may_be_inside = true;   ///< false when no point asked for is inside: saves the question

    /// Distance of `x` to the solid's surface, negative inside; kFar when it is outside and farther
    /// than `bound`.
    double signed_distance(const Vec3& x, double bound) const;

    /// The same where it is known already whether `x` is inside.
    double signed_distance(const Vec3& x, double bound, bool inside) const;
};

/// The length of the longest edge, m.
double longest_edge(const TriMesh& mesh);

/// signed_distance() of each vertex, kFar where it is above `bound`. [V]
std::vector<double>
vertex_distances(const Points& vertices, const ContactQuery& query, double bound);

/// The bound for vertex_distances() of `mesh` above which a vertex's distance does not matter to
/// contact_area().
double contact_bound(const TriMesh& mesh, const ContactQuery& query);

/// The area of `mesh` where signed_distance() is at most the contact distance, by subdivision to
/// edges of at most `step` (or 1/64 of the face's, if that is longer) and linear interpolation
/// within. `distances` are vertex_distances() with contact_bound(). m^2
double contact_area(const TriMesh& mesh,
                    const std::vector<double>& distances,
                    const ContactQuery& query,
                    double step);

} // namespace rih
