// SPDX-License-Identifier: Apache-2.0
// How deep the parts of one body enter each other, where they are not neighbours: neighbours share
// a seam and overlap in every bent joint.
#pragma once

#include "renderih/geometry/mesh.h"

#include <span>

namespace rih {

/// A closed piece of a larger mesh.
struct MeshPart {
    std::vector<int> vertices; // of the whole mesh
    Triangles faces;           // closed, indices into `vertices`
};

struct SelfPenetration {
    double depth_m = 0;                 ///< the greatest of `pair_depth_m`
    int vertex = -1;                    ///< of the whole mesh, the deepest; -1 when there is none
    int vertex_part = -1, in_part = -1; ///< the part it belongs to, the part it is inside
    MatX pair_depth_m;                  ///< [P, P] (i, j): deepest vertex of part i inside part j
};

/// Which pairs to leave out; asked for i != j, must be symmetric.
using NeighbourMatrix = Eigen::Matrix<bool, Eigen::Dynamic, Eigen::Dynamic>; // [P, P]

/// The distance from a vertex of part i inside part j to the surface of part j, at most over all
/// vertices and all pairs that are no neighbours. A vertex that belongs to both parts is skipped.
/// `vertices` [V, 3] m. Throws UserError for parts that are empty or not closed.
SelfPenetration measure_self_penetration(const Points& vertices,
                                         std::span<const MeshPart> parts,
                                         const NeighbourMatrix& neighbours);

/// measure_self_penetration().depth_m
double self_penetration_depth(const Points& vertices,
                              std::span<const MeshPart> parts,
                              const NeighbourMatrix& neighbours);

/// Parts that share a vertex.
NeighbourMatrix neighbours_by_shared_vertices(std::span<const MeshPart> parts);

} // namespace rih
