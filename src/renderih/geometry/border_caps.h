// SPDX-License-Identifier: Apache-2.0
// Caps over the borders of anybody's mesh: the triangulation of least area over each border's own
// vertices, by dynamic programming (Barequet and Sharir 1995). Over a flat border, however jagged,
// that is exactly the polygon it bounds; a fan about one of its vertices is so for few of them. For
// parts whose caps must serve every pose, close_borders() in mesh.h looks at the faces alone.
#pragma once

#include "renderih/geometry/mesh.h"

#include <string_view>

namespace rih {

inline constexpr std::size_t kMaxCappedBorder = 512; // edges; the work is their number cubed

struct CappedMesh {
    Triangles faces;       ///< those of the mesh, then the caps
    std::size_t loops = 0; ///< borders that were capped
};

/// Closes each of border_loops(). A function of the places and the faces alone when the vertices
/// are sorted by place. Throws UserError, naming `name`, for a border of over kMaxCappedBorder
/// edges and for one that no triangles close without using an edge that the surface has.
CappedMesh cap_borders(const TriMesh& mesh, std::string_view name);

} // namespace rih
