// SPDX-License-Identifier: Apache-2.0
// What the network and its losses take from a pair of hand models, worked out once, without torch:
// the tree over the vertices, the way up from its level of 4 N slots, position code, joints.
#pragma once

#include "renderih/learn/data/hand_mesh.h"
#include "renderih/learn/mesh/mesh_hierarchy.h"

#include <array>
#include <string>

namespace rih::learn {

/// Heads tell lengths in this unit, m: their numbers are then of order one, as optimisers want
/// them.
inline constexpr double kHandLength = 0.1;

struct HandGeometry {
    HandMesh mesh;
    MeshHierarchy hierarchy;
    Eigen::SparseMatrix<double, Eigen::RowMajor> vertices_from_fine; // [V, 4 N]
    Eigen::SparseMatrix<double, Eigen::RowMajor> fine_from_vertices; // [4 N, V]
    Points position_code; // [N, 3], the rest shape within -1 .. 1, averaged over the tree
};

struct HandsGeometry {
    std::array<HandGeometry, 2> hands; // right, left
    std::string sha256;                // of both models: a network fits the hands it learnt alone
    std::string names;                 // of both models, for messages

    int vertex_count() const { return hands[0].mesh.vertex_count(); }
    int coarse_count() const { return hands[0].hierarchy.coarse_count; }
};

/// Throws UserError when the hands have fewer than 4 N vertices or differ in their numbers.
HandsGeometry hands_geometry(const HandPair& hands, int coarse_vertices);

} // namespace rih::learn
