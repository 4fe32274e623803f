// SPDX-License-Identifier: Apache-2.0
// The vertices of a PLY file (Stanford's), text or little-endian binary: x, y, z of the element
// "vertex", whatever stands beside them. Faces and other elements after it are not looked at.
#pragma once

#include "renderih/math/types.h"

#include <cstdint>
#include <span>
#include <string>

namespace rih {

inline constexpr int kMaxPlyVertices = 1'000'000;

/// [V, 3]. `where` names the file in messages. Throws UserError for anything else, for lists among
/// a vertex's properties and for elements before "vertex".
Points ply_vertices(std::span<const std::uint8_t> file, const std::string& where);

} // namespace rih
