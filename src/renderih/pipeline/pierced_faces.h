// SPDX-License-Identifier: Apache-2.0
// A second way to see that two surfaces cross, for `verify`: signed volumes in long double over
// all pairs whose boxes meet, no code of geometry/'s exact test.
#pragma once

#include "renderih/geometry/mesh.h"

#include <cstddef>

namespace rih {

/// How many (edge of `a`, face of `b`) cross by more than rounding (some 1e-16 m for hands). Where
/// two closed surfaces intersect, an edge of one crosses a face of the other. A closed mesh's edges
/// are counted once. Vertices must be finite.
std::size_t count_pierced_faces(const TriMesh& a, const TriMesh& b);

} // namespace rih
