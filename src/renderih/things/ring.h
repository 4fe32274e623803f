// SPDX-License-Identifier: Apache-2.0
// A finger ring: a band of metal about a proximal phalanx, plain or with a stone.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/things/thing.h"

namespace rih {

/// What does not depend on the hand: position along the phalanx 0 .. 1, width_mm, thickness_mm,
/// gap_mm, red, green, blue (of the metal at normal incidence), roughness, metal (0 gold, 1 silver,
/// 2 rose gold, 3 black ceramic), dome 0 .. 1, stone_mm (0: none) and stone_red, _green, _blue.
Thing draw_ring(Rng& rng, Side side, int finger);

SceneMesh ring_mesh(const Thing& ring, const PosedSurface& hand);

} // namespace rih
