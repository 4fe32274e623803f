// SPDX-License-Identifier: Apache-2.0
// Whether a closed mesh is the boundary of a solid, piece by piece: the volume of the whole does
// not tell, since a piece turned inside out hides behind a larger one.
#pragma once

#include "renderih/geometry/mesh.h"

#include <string_view>

namespace rih {

/// Throws UserError, naming `name` and the piece, unless each piece of a closed mesh (what hangs
/// together by edges) encloses something and each that is clockwise seen from outside is a cavity:
/// it lies in more solids than cavities and meets no other piece.
void require_solid(const TriMesh& closed_mesh, std::string_view name);

} // namespace rih
