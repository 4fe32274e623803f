// SPDX-License-Identifier: Apache-2.0
// The part of a hand model that a network predicts: the surface without the forearm (of MANO: its
// own 778 vertices), and the joints as a linear function of it. Targets and predictions go through
// the same regressor, so that a perfect mesh has no joint error.
#pragma once

#include "renderih/hand/hand_model.h"

#include <array>
#include <vector>

namespace rih::learn {

struct HandMesh {
    std::vector<int> model_vertices; ///< [V] of the model, ascending
    Points template_vertices;        ///< [V, 3] m
    Triangles faces;                 ///< [F] over the V; open at the wrist
    /// [21, V], mano21: rows sum to 1; a tip has the single weight of its vertex.
    Eigen::SparseMatrix<float, Eigen::RowMajor> joint_regressor;

    int vertex_count() const { return static_cast<int>(model_vertices.size()); }
};

/// Throws UserError when a tip lies outside the hand's parts or a joint hangs on the forearm alone.
HandMesh hand_mesh(const HandModel& model);
/// Of both hands, right and left.
std::array<HandMesh, 2> hand_meshes(const HandPair& hands);

} // namespace rih::learn
