// SPDX-License-Identifier: Apache-2.0
// A binary tree over the vertices of any triangle mesh, for decoders that go from coarse to fine:
// heavy-edge matching (Dhillon, Guan, Kulis, "Weighted graph cuts without eigenvectors", PAMI 2007)
// pairs neighbours level by level, as the authors' Graclus tree does, but each level has a target
// size, so that the coarsest level has the size asked for. Slots 2i and 2i + 1 of a level lie below
// slot i of the coarser one; a node without a partner fills both.
#pragma once

#include "renderih/geometry/mesh.h"

#include <Eigen/SparseCore>

#include <span>
#include <string>
#include <vector>

namespace rih::learn {

struct MeshHierarchy {
    int vertex_count = 0;            ///< V of the mesh
    int coarse_count = 0;            ///< N, slots of the coarsest level
    std::vector<int> node_counts;    ///< nodes of each level, finest (V) to coarsest (N)
    std::vector<int> vertex_of_slot; ///< [N * 2^(levels - 1)], each vertex at least once

    int levels() const { return static_cast<int>(node_counts.size()); }
    /// Slots of the level that is `level` steps finer than the coarsest.
    int slots(int level) const { return coarse_count << level; }
};

/// The tree with `coarse_count` nodes at the top, or a few more where the mesh has so many pieces
/// that its edges cannot pair them. It is a function of the faces' edges alone, so a hand and its
/// mirror image have the same. Throws UserError for a face that names no vertex, and where the mesh
/// has fewer vertices than `coarse_count`.
MeshHierarchy coarsen_mesh(const Triangles& faces, int vertex_count, int coarse_count);

/// [slots(level), V]: each slot is the mean of the finest slots below it; a vertex that fills two
/// slots counts twice.
Eigen::SparseMatrix<double, Eigen::RowMajor> averaging_matrix(const MeshHierarchy& hierarchy,
                                                              int level);

/// [V, slots(level)]: vertices from the slots of a level. Each vertex is a combination of the slots
/// nearest to it along the edges of the first of `shapes` [V, 3]; rows sum to 1, and all the shapes
/// together are reproduced as far as small weights allow (moving least squares).
Eigen::SparseMatrix<double, Eigen::RowMajor> upsampling_matrix(const MeshHierarchy& hierarchy,
                                                               int level,
                                                               std::span<const Points> shapes,
                                                               const Triangles& faces);

/// Digest of the tree: weights of a network only fit the tree that they were trained with.
std::string hash_of(const MeshHierarchy& hierarchy);

} // namespace rih::learn
