// SPDX-License-Identifier: Apache-2.0
// Augmentation may bend away the finger that touched. Where the source means hands that touch, the
// left hand is moved up to the right one before the optimisation, so that attraction, which sees
// 2 cm, finds something to pull at.
#pragma once

#include "renderih/posing/anchors.h"
#include "renderih/posing/parameters.h"

namespace rih {

/// The parameters with the left hand moved along the nearest pair of anchors until `gap` m are
/// left between these; unchanged when the hands are nearer than that already.
PairParameters bring_near(const Anchors& anchors,
                          const PairRig& rig,
                          const PairParameters& parameters,
                          double gap);

} // namespace rih
