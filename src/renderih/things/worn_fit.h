// SPDX-License-Identifier: Apache-2.0
// Puts what was drawn onto posed hands. Nothing may pass through anything: a thing whose mesh meets
// a hand's surface or another thing is moved as far as such things can be, or left off.
#pragma once

#include "renderih/things/thing.h"

#include <vector>

namespace rih {

struct FittedThing {
    Thing thing; ///< its numbers as they are after fitting
    SceneMesh mesh;
};

/// `drawn` in the order in which they are put on; `hands` right, left. Decided by the exact test of
/// geometry/intersection.h against both hands as they are rendered.
std::vector<FittedThing> fit_worn(const std::vector<Thing>& drawn,
                                  const std::array<PosedSurface, 2>& hands);

} // namespace rih
