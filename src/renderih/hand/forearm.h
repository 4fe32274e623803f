// SPDX-License-Identifier: Apache-2.0
// A plain forearm for hand files that end at the wrist (MANO): rings lofted from the wrist's
// border along the arm, closed by a cap.
#pragma once

#include "renderih/hand/hand_model.h"

namespace rih {

struct ForearmOptions {
    double length = 0.2;   ///< m
    double widening = 1.3; ///< width at the elbow's end over width at the wrist
    double blend = 0.05;   ///< m over which the wrist's weight passes to the forearm
};

/// Takes a hand of 16 joints (skin_weights [V, 16], joint_regressor [16, V]) whose faces have one
/// border loop, at the wrist, and returns it closed with joint 16, located at the wrist. Its
/// first V vertices are the file's own; new faces belong to part 33 or 34. New vertices follow
/// shape as their border vertex does near the wrist, farther out as the border does on the whole
/// (moved, scaled, sheared); they have no pose correctives. Texture coordinates and quads are
/// dropped, since they do not cover the new surface. A closed hand only gets the joint. Throws
/// UserError when there is more than one border, or one that is no simple loop.
HandModel with_forearm(HandModel hand, const ForearmOptions& options = {});

} // namespace rih
