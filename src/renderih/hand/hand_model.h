// SPDX-License-Identifier: Apache-2.0
// The parametric hand: constant after loading. Shapes of arrays as in docs/dataset_format.md
// (HAND.npz). Every model in memory is closed and has a forearm: a file without one (MANO) gets a
// plain forearm grown from its wrist border (hand/forearm.h).
#pragma once

#include "renderih/geometry/mesh.h"
#include "renderih/hand/joint_order.h"

#include <Eigen/SparseCore>

#include <cstdint>
#include <string>
#include <vector>

namespace rih {

struct HandModel {
    Side side = Side::Right;
    Points template_vertices;                                     // [V, 3] m
    Triangles faces;                                              // [F]
    Quads quads;                                                  // [Q], may be empty (MANO)
    Points2 uv;                                                   // [T, 2], may be empty
    Triangles uv_faces;                                           // [F], may be empty
    Quads quad_uv;                                                // [Q], may be empty
    Eigen::SparseMatrix<double, Eigen::RowMajor> skin_weights;    // [V, 17]
    Eigen::SparseMatrix<double, Eigen::RowMajor> joint_regressor; // [17, V]
    MatX shape_dirs;                                              // [3 V, S], row 3 v + axis
    MatX pose_dirs;                                               // [3 V, 135], or 0 columns
    std::array<int, kTipCount> tip_vertices{};            // thumb, index, middle, ring, pinky
    std::vector<std::uint8_t> part_of_face;               // [F], numbering of joint_order.h
    std::vector<std::uint8_t> part_of_quad;               // [Q]
    VecX palm_of_vertex;                                  // [V], 0 back .. 1 palm
    std::vector<std::uint8_t> nail_of_face, nail_of_quad; // [F], [Q], 0 or 1
    Vec3 thumb_up_hint = Vec3(1, 1, 1).normalized();      // A-MANO frames (hand/anatomy.h)
    VecX hands_mean;  // [45] rad, MANO's mean pose (axis-angle of joints 1-15); empty: has none
    std::string name; // "open", or the file's name
    std::string meta_json; // sources, licences, shape names
    std::string sha256;    // of the arrays, see hand_io.h

    int vertex_count() const { return static_cast<int>(template_vertices.rows()); }
    int shape_count() const { return static_cast<int>(shape_dirs.cols()); }
};

/// Both hands of one person; index with index_of(side).
struct HandPair {
    std::array<HandModel, 2> hands;
    const HandModel& operator[](Side side) const { return hands[index_of(side)]; }
};

/// The other hand: reflection by diag(-1, 1, 1), winding reversed, parts renumbered.
HandModel mirror(const HandModel& model);

} // namespace rih
