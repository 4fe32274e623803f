// SPDX-License-Identifier: Apache-2.0
// Plain meshes. Triangles are counter-clockwise seen from outside.
#pragma once

#include "renderih/math/types.h"

#include <array>
#include <string_view>
#include <vector>

namespace rih {

using Triangles = std::vector<std::array<int, 3>>;
using Quads = std::vector<std::array<int, 4>>;

struct TriMesh {
    Points vertices; // [V, 3] m
    Triangles faces; // [F]
};

/// Throws UserError, naming `name`, when a coordinate is not finite or a face names no vertex.
void check_mesh(const Points& vertices, const Triangles& faces, std::string_view name);

/// Unit normals by area weight; zero for a vertex without area. [V, 3]
Points vertex_normals(const Points& vertices, const Triangles& faces);

/// The enclosed volume of a closed mesh, positive when faces are counter-clockwise from outside:
/// the sum of the signed tetrahedra over its faces. m^3
double signed_volume(const TriMesh& mesh);

/// True when each directed edge occurs once and its reverse once.
bool is_closed(const Triangles& faces);

/// True when some directed edge does not occur as often as its reverse: border_loops() would not be
/// empty, the surface has no inside.
bool has_border(const Triangles& faces);

/// The closed loops of directed border edges (edges without their reverse), each as a list of
/// vertices in the direction of the faces' own edges. No vertex occurs twice in a loop: where loops
/// touch in a vertex they are taken apart. The order is a function of `faces` alone.
std::vector<std::vector<int>> border_loops(const Triangles& faces);

/// `faces` plus a fan over each border loop about the loop's own vertex of lowest index (no new
/// vertices), wound so that the result is closed. When a fan edge would repeat an edge that the
/// surface has, the next lowest hub is taken; where no hub serves, is_closed() of the result is
/// false. For parts of a hand, whose caps must serve every pose; cap_borders() in border_caps.h
/// looks at the places too.
Triangles close_borders(const Triangles& faces);

} // namespace rih
