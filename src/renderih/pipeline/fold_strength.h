// SPDX-License-Identifier: Apache-2.0
// How deep the folds of skin are in a pose: wrinkles over a joint are drawn smooth when it bends,
// the creases on its palm side deepen, tendons rise on the back when the finger's root is extended.
#pragma once

#include "renderih/hand/anatomy.h"

namespace rih {

/// A factor for each of `rest_vertices` [V, 3] m, with `palm` [V] 0 back .. 1 palm. `angles` are
/// the pose's. 1: as on the flat hand.
VecX fold_strength(const ShapedHand& hand,
                   const Points& rest_vertices,
                   const VecX& palm,
                   const FingerAngles& angles);

} // namespace rih
