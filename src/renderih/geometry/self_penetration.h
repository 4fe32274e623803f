// SPDX-License-Identifier: Apache-2.0
// How deep the parts of one body enter each other, where they are not neighbours: neighbours share
// a seam and overlap in every bent joint.
#pragma once

#include "renderih/geometry/signed_distance.h"

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

/// The parts of a body, ready to be measured in many poses.
class PartSolids {
  public:
    /// `vertices` [V, 3] are those of any pose. Throws UserError for parts that are empty or not
    /// closed.
    PartSolids(const Points& vertices, std::span<const MeshPart> parts);

    /// The distance from a vertex of part i inside part j to the surface of part j, at most over
    /// all vertices and all pairs that are not left out. A vertex that belongs to both parts is
    /// skipped. `vertices` [V, 3] m.
    SelfPenetration measure(const Points& vertices, const NeighbourMatrix& left_out) const;

    /// The same over all pairs, but of a vertex only where it is covered: where the point
    /// kSkinOffset outside it is inside the whole body. A part's cap over its seam is no skin, so
    /// without this a bent joint's skin that passes the cap would count. `faces`, `body`: the whole
    /// closed mesh, `body` posed to `vertices`. [P, P] (i, j): vertex of i in part j. m
    MatX
    covered_depths(const Points& vertices, const Triangles& faces, const MeshDistance& body) const;

    std::size_t size() const { return parts_.size(); }

  private:
    struct Part {
        std::vector<int> vertices;             // as in MeshPart
        std::vector<std::vector<char>> shares; // [P][vertices], 1 where part p has the vertex too
        MeshDistance solid;
    };

    /// Calls visit(i, j, vertex, x, solid j) for each vertex x of part i in the box of part j that
    /// is not of part j too.
    template <typename Skip, typename Visit>
    void visit_candidates(const Points& vertices, const Skip& skip, const Visit& visit) const;

    std::vector<Part> parts_;
};

inline constexpr double kSkinOffset = 1e-5; // m

/// PartSolids::measure() for a single pose.
SelfPenetration measure_self_penetration(const Points& vertices,
                                         std::span<const MeshPart> parts,
                                         const NeighbourMatrix& neighbours);
double self_penetration_depth(const Points& vertices,
                              std::span<const MeshPart> parts,
                              const NeighbourMatrix& neighbours);

/// Parts that share a vertex.
NeighbourMatrix neighbours_by_shared_vertices(std::span<const MeshPart> parts);

} // namespace rih
