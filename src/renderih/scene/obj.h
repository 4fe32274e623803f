// SPDX-License-Identifier: Apache-2.0
// Wavefront OBJ, as far as a scene needs it: v (with optional colour), vt, vn, f, usemtl, and g of
// groups named part_N.
#pragma once

#include "renderih/geometry/mesh.h"
#include "renderih/math/vec.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rih {

/// A mesh whose vertices carry everything. Vertex i is the file's i-th `v`; where corners of one
/// `v` differ in vt or vn (a seam), further vertices follow after those.
struct ObjMesh {
    Points vertices;                  // [V, 3] m
    Triangles faces;                  // [F]
    Points normals;                   // [V, 3] unit; computed across seams if the file has none
    Points2 uv;                       // [V, 2] or empty
    std::vector<Vec3f> vertex_colour; // [V] 0..1 or empty: the extension `v x y z r g b`
    std::vector<std::string> material_names; // of usemtl, in order of appearance
    std::vector<int> face_material;          // [F] index into material_names, -1 before any usemtl
    /// [F] of faces in a group `part_N` N, 1 .. 255, of others 0; empty without such groups.
    std::vector<std::uint8_t> face_part;
};

/// Reads an OBJ text. Polygons become fans; negative indices count back; triangles that repeat a
/// vertex are dropped. Throws UserError naming `what` and the line. Memory is bounded by a small
/// multiple of the text's size.
ObjMesh parse_obj(std::string_view text, const std::string& what);
ObjMesh read_obj(const std::filesystem::path& path);

/// The text that parse_obj turns into the same mesh again, number for number.
std::string obj_text(const ObjMesh& mesh);

} // namespace rih
