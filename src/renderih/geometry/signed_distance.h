// SPDX-License-Identifier: Apache-2.0
// Closest points on, and signed distance to, a closed triangle mesh, for the penetration terms
// (paper eq. 2-4) and the filter. The sign is that of the winding number, counted exactly as signed
// crossings of a ray: unlike the angle-weighted pseudonormal of the closest feature (Baerentzen and
// Aanaes 2005) it stays right where a mesh touches or crosses itself, as the fan caps of a bent
// part do.
#pragma once

#include "renderih/geometry/mesh.h"

#include <memory>
#include <optional>

namespace rih {

class TriangleTree;

struct ClosestPoint {
    Vec3 point = Vec3::Zero();       ///< on the mesh
    Vec3 barycentric = Vec3::Zero(); ///< of `point` in its triangle
    int face = -1;
    double distance = 0; ///< unsigned, m
};

/// Exact queries against a mesh. Queries are thread-safe among themselves.
class MeshDistance {
  public:
    /// Throws UserError when the mesh is empty, has a border, or has a coordinate that is not
    /// finite.
    explicit MeshDistance(const TriMesh& closed_mesh);
    ~MeshDistance();
    MeshDistance(MeshDistance&&) noexcept;
    MeshDistance& operator=(MeshDistance&&) noexcept;

    /// Moves the vertices [V, 3] of the same faces: much cheaper than a new one. Not to be called
    /// while another thread asks.
    void update(const Points& vertices);

    /// The same faces with other vertices [V, 3], as another object that shares what both have in
    /// common: as cheap as update().
    MeshDistance posed(const Points& vertices) const;

    ClosestPoint closest_point(const Vec3& query) const;

    /// The closest point when it is at most `max_distance` away; cheap for what is far. `hint` as
    /// for TriangleTree::closest().
    std::optional<ClosestPoint>
    closest_within(const Vec3& query, double max_distance, int* hint = nullptr) const;

    /// False for what lies outside the bounding box: no more than six comparisons.
    bool maybe_inside(const Vec3& query) const;

    /// True when the winding number is 1 or more, decided exactly. A point on the surface may go
    /// either way.
    bool inside(const Vec3& query) const;

    /// inside_distance() of a point inside, nothing for one outside: the closest point is sought
    /// only where there is something to measure.
    std::optional<double> inside_point(const Vec3& query) const;

    /// Omega of the paper's eq. 2: inside_distance() or 0 when that is negative. `gradient`, unless
    /// null, becomes its derivative by the query: the unit vector away from the closest point, 0
    /// outside and on the surface.
    double inside_distance_clamped(const Vec3& query, Vec3* gradient = nullptr) const;

    /// The generalised winding number (Jacobson et al. 2013) by van Oosterom and Strackee's solid
    /// angles: about 1 inside, 0 outside, integers for closed meshes. Linear in the faces: a check
    /// on inside(), not a tool.
    double winding_number(const Vec3& query) const;

    /// Distance with the sign of the paper's Omega before clamping: positive inside (winding
    /// number above 0.5), negative outside. m
    double inside_distance(const Vec3& query) const;

    /// The tree under the queries (geometry/triangle_tree.h), for questions between two meshes.
    const TriangleTree& tree() const;

  private:
    struct Impl;
    explicit MeshDistance(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

} // namespace rih
