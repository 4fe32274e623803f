// SPDX-License-Identifier: Apache-2.0
// Anybody's mesh made fit to be measured: one vertex a place, every border capped.
#pragma once

#include "renderih/geometry/mesh.h"

#include <string_view>

namespace rih {

struct ClosedMesh {
    TriMesh mesh;                 ///< closed: each edge is shared by two faces, one either way
    std::size_t capped_loops = 0; ///< borders that were closed by a fan
};

/// Joins vertices that lie at the same place to the last bit, drops faces that repeat a vertex and
/// closes the borders with close_borders(). Throws UserError, naming `name` and the first edge or
/// vertex in the way, when that does not make the mesh closed (an edge of three faces, faces turned
/// against each other), when it is empty or not finite, and when its volume is not positive (faces
/// clockwise from outside, or all in one plane).
ClosedMesh closed_for_measuring(const TriMesh& mesh, std::string_view name);

} // namespace rih
