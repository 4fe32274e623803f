// SPDX-License-Identifier: Apache-2.0
// Plain meshes. Triangles are counter-clockwise seen from outside.
#pragma once

#include "renderih/math/types.h"

#include <array>
#include <vector>

namespace rih {

using Triangles = std::vector<std::array<int, 3>>;
using Quads = std::vector<std::array<int, 4>>;

struct TriMesh {
    Points vertices; // [V, 3] m
    Triangles faces; // [F]
};

/// Unit normals by area weight; zero for a vertex without area. [V, 3]
Points vertex_normals(const Points& vertices, const Triangles& faces);

/// Twice the signed volume / 6 summed over faces: the enclosed volume of a closed mesh, m^3.
double signed_volume(const TriMesh& mesh);

/// True when each directed edge occurs once and its reverse once.
bool is_closed(const Triangles& faces);

/// The closed loops of directed border edges (edges without their reverse), each as a list of
/// vertices in the direction of the faces' own edges.
std::vector<std::vector<int>> border_loops(const Triangles& faces);

/// `faces` plus a fan over each border loop about the loop's own vertex of lowest index (no new
/// vertices), wound so that the result is closed.
Triangles close_borders(const Triangles& faces);

} // namespace rih
