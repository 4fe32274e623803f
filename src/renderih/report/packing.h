// SPDX-License-Identifier: Apache-2.0
// Bytes as a page in a browser takes them: base64 in its text, zlib streams that its
// DecompressionStream("deflate") opens, and posed vertices in few bits.
#pragma once

#include "renderih/base/file.h"
#include "renderih/geometry/mesh.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rih {

std::string base64(std::span<const std::uint8_t> bytes);

/// A zlib stream (RFC 1950).
Bytes deflate(std::span<const std::uint8_t> bytes);

/// Vertices are stored in whole steps, so within half a step on each axis.
inline constexpr double kVertexStep = 1.25e-4; // m

/// For each vertex an earlier one that lies near it on the surface: its neighbour of highest index
/// below its own, else the one before; -1 for vertex 0. The page derives the same from the faces.
std::vector<int> predecessors(int vertex_count, const Triangles& faces);

/// Appends to `out` per axis the low bytes, then the high bytes, of what each vertex's steps differ
/// by from its predecessor's; signs fold into the lowest bit (0, -1, 1, -2 are 0, 1, 2, 3). Steps
/// count from `origin`. Throws UserError for vertices that are not finite or lie 2 m from the
/// origin.
void append_vertices(const Points& vertices,
                     const Vec3& origin,
                     std::span<const int> predecessors,
                     Bytes& out);

} // namespace rih
