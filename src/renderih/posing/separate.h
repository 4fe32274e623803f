// SPDX-License-Identifier: Apache-2.0
// The last exact step: moves the left hand by a few millimetres so that the closed hands, forearms
// included, have no intersecting triangle pair and, where they should touch, touch. Optimisation
// on vertices and parts ends near contact; this ends at it, by the exact test that the filter uses.
#pragma once

#include "renderih/hand/hand_model.h"
#include "renderih/hand/hand_pose.h"

namespace rih {

struct SeparateOptions {
    double max_shift = 0.006; ///< m, either way
    double gap = 0;           ///< m to leave where the hands meet; 0: contact
};

struct SeparateResult {
    Vec3 left_shift = Vec3::Zero(); ///< m, to add to the left hand's translation
    bool free = false;              ///< no intersecting triangle pair after the shift
};

/// `vertices` are the hands' posed vertices, in the models' order.
SeparateResult separate_hands(const HandPair& hands,
                              const std::array<Points, 2>& vertices,
                              const SeparateOptions& options);

} // namespace rih
