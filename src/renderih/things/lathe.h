// SPDX-License-Identifier: Apache-2.0
// Turned bodies: cups, bottles, bowls.
#pragma once

#include "renderih/places/place_mesh.h"

#include <vector>

namespace rih {

/// The outline {radius, height} m turned about the stand's +y; going up it, the outside is on the
/// right. Corners sharper than 50 degrees stay sharp, others are shaded round.
void add_lathe(PlaceMesh& mesh,
               const Stand& stand,
               const std::vector<Vec2f>& outline,
               int material);

/// A mug's handle: a bent bar from `low` to `high` on a wall of `radius`.
void add_handle(
    PlaceMesh& mesh, const Stand& stand, float radius, float low, float high, int material);

} // namespace rih
