// SPDX-License-Identifier: Apache-2.0
// Closest points on, and signed distance to, a closed triangle mesh.
#pragma once

#include "renderih/geometry/mesh.h"

#include <memory>

namespace rih {

struct ClosestPoint {
    Vec3 point;       ///< on the mesh
    Vec3 barycentric; ///< of `point` in its triangle
    int face = -1;
    double distance = 0; ///< unsigned, m
};

/// Exact queries against a mesh that does not change. Thread-safe after construction.
class MeshDistance {
  public:
    explicit MeshDistance(const TriMesh& closed_mesh);
    ~MeshDistance();
    MeshDistance(MeshDistance&&) noexcept;
    MeshDistance& operator=(MeshDistance&&) noexcept;

    ClosestPoint closest_point(const Vec3& query) const;

    /// The generalised winding number (Jacobson et al. 2013) by van Oosterom and Strackee's solid
    /// angles: about 1 inside, 0 outside, integers for closed meshes.
    double winding_number(const Vec3& query) const;

    /// Distance with the sign of the paper's Omega before clamping: positive inside, negative
    /// outside. m
    double inside_distance(const Vec3& query) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace rih
