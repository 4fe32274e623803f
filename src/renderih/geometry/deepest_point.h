// SPDX-License-Identifier: Apache-2.0
// How deep the deepest point of some faces lies inside a solid, middles of faces included: pieces
// of faces whose depth might exceed the greatest one found are halved until none is left, since no
// point of a piece is deeper than its middle by more than the piece's radius.
#pragma once

#include "renderih/geometry/mesh.h"
#include "renderih/geometry/signed_distance.h"

#include <span>

namespace rih {

/// What the search may miss of the true depth: this share of it and 20 um, unless it ends first at
/// kMaxPieces (large faces that lie almost level below the surface).
inline constexpr double kDepthTolerance = 0.01, kDepthResolution = 1e-5; // 1, m
inline constexpr std::size_t kMaxPieces = 1 << 14;

/// `known`: a depth that is reached already, 0 or more. The result is not below it, and never more
/// than the true depth of `known` and the faces. m
double deepest_point(const Points& vertices,
                     const Triangles& faces,
                     std::span<const int> which,
                     const MeshDistance& solid,
                     double known);

} // namespace rih
