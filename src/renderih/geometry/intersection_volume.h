// SPDX-License-Identifier: Apache-2.0
// The volume that two closed meshes share, by integration over the surface of the shared solid: no
// boolean mesh is made, so none can fail.
#pragma once

#include "renderih/geometry/interaction.h"

namespace rih {

/// The integral of the product of both winding numbers: the shared volume of meshes that do not
/// overlap themselves; where one covers a place twice, that place counts twice. Correct to about
/// 1e-9 of itself, and exactly 0 when the meshes are apart or only touch: what floating point
/// cannot tell from 0 is computed in rational numbers. m^3
double intersection_volume(const SolidMesh& a, const SolidMesh& b);
double intersection_volume(const TriMesh& a, const TriMesh& b);

} // namespace rih
