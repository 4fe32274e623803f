// SPDX-License-Identifier: Apache-2.0
// A wrist watch: a strap that follows the wrist, and a case on its back with a dial under glass.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/things/thing.h"

namespace rih {

/// position_mm from the wrist up the arm, case_mm, height_mm, digital (1: a rounded square, dark
/// display), strap (0 leather, 1 rubber, 2 metal links), strap_mm, strap_thickness_mm, gap_mm;
/// strap_red, _green, _blue, strap_roughness; case_red, _green, _blue (reflectance),
/// case_roughness; dial_red, _green, _blue; minutes since 12 o'clock.
Thing draw_watch(Rng& rng, Side side, double position_mm);

SceneMesh watch_mesh(const Thing& watch, const PosedSurface& hand);

} // namespace rih
