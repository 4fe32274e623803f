// SPDX-License-Identifier: Apache-2.0
// Anybody's mesh made fit to be measured: one vertex a place, every border capped.
#pragma once

#include "renderih/geometry/mesh.h"

#include <string_view>

namespace rih {

struct ClosedMesh {
    TriMesh mesh;                 ///< closed: each edge is shared by two faces, one either way
    std::size_t capped_loops = 0; ///< borders that were closed by cap_borders()
};

/// Joins vertices that lie at the same place to the last bit, sorts them by place, drops faces that
/// repeat a vertex and closes the borders with cap_borders(): how the vertices were numbered makes
/// no difference. Throws UserError, naming `name` and the first edge or piece in the way, when that
/// does not make the mesh closed (an edge of three faces, faces turned against each other, a border
/// that cannot be capped or whose cap meets the surface), when it is empty or has a coordinate that
/// is not finite or beyond 1000 km, when a piece lies in a plane, and when a piece is clockwise
/// seen from outside and is no cavity of another.
ClosedMesh closed_for_measuring(const TriMesh& mesh, std::string_view name);

} // namespace rih
