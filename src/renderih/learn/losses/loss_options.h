// SPDX-License-Identifier: Apache-2.0
// What a prediction is held to. Defaults are the paper's eq. 10-12: plain L1 of vertices and joints
// in 3D and 2D, and smoothness. It gives no weights; these let the 3D terms lead and the 2D
// terms choose the camera (docs/training.md).
#pragma once

#include <string>

namespace rih::learn {

struct LossOptions {
    std::string distance_3d = "l1"; ///< l1, smooth-l1 (of metres, beta 1) or squared
    std::string distance_2d = "l1"; ///< the same, of coordinates in -1 .. 1 over the crop
    double vertices_3d = 100;
    double joints_3d = 100;
    double vertices_2d = 2;
    double joints_2d = 2;
    double smooth = 1;             ///< eq. 12: predicted unit edges along the target's normals
    double edges = 0;              ///< lengths of edges (released: 2000)
    int edges_from_epoch = 0;      ///< released: 50
    double coarse_vertices_3d = 0; ///< of the last block's own vertices (released: 100)
    double coarse_vertices_2d = 0; ///< released: 50
    double parts = 0; ///< cross entropy of each coarse pixel's part (net.dense_features)
    double depth = 0; ///< L1 of the depth of the hands' pixels, m
    /// m; above 0 each target pair is scaled such that its hands' mean wrist-to-middle-MCP length
    /// is this (released: 0.095). 0: metres as they are.
    double bone_length_m = 0;

    /// Throws UserError naming the field and its range.
    void validate() const;
};

} // namespace rih::learn
