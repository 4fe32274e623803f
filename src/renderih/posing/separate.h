// SPDX-License-Identifier: Apache-2.0
// The last exact step: moves the left hand by a few millimetres so that the closed hands, forearms
// included, have no intersecting triangle pair and, where they should touch, touch. Optimisation
// on vertices and parts ends near contact; this ends at it, by the exact test that the filter uses.
#pragma once

#include "renderih/hand/hand_model.h"
#include "renderih/hand/hand_pose.h"
#include "renderih/posing/hand_surfaces.h"

namespace rih {

struct SeparateOptions {
    double max_separation = 0; ///< m the left hand may move to end an intersection
    double max_approach = 0;   ///< m it may move to touch; 0: hands that are apart stay so
};

struct SeparateResult {
    Vec3 left_shift = Vec3::Zero(); ///< m, to add to the left hand's translation
    bool free = false;              ///< no intersecting triangle pair after the shift
};

/// `vertices` are the hands' posed vertices, in the models' order. `surfaces` are those of `hands`.
SeparateResult separate_hands(const HandPair& hands,
                              const HandSurfaces& surfaces,
                              const std::array<Points, 2>& vertices,
                              const SeparateOptions& options);

/// The same with surfaces of its own: for a single pair, since they cost more than the step.
SeparateResult separate_hands(const HandPair& hands,
                              const std::array<Points, 2>& vertices,
                              const SeparateOptions& options);

} // namespace rih
