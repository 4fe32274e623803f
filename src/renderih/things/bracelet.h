// SPDX-License-Identifier: Apache-2.0
// Bracelets: a bangle, beads, a chain or a cord about the wrist.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/things/thing.h"

namespace rih {

/// style (0 bangle, 1 beads, 2 chain, 3 cord), position_mm from the wrist up the arm, size_mm (of
/// the bead, the link's wire or the cord), gap_mm, red, green, blue, second_red, _green, _blue (of
/// every few beads), roughness, metal (1: the colours are reflectances of a metal).
Thing draw_bracelet(Rng& rng, Side side, double position_mm);

SceneMesh bracelet_mesh(const Thing& bracelet, const PosedSurface& hand);

} // namespace rih
