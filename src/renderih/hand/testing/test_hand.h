// SPDX-License-Identifier: Apache-2.0
// A small synthetic hand for tests: a box for a palm, five round tubes for fingers, a box for a
// forearm; closed, with quads, weights, an exact regressor, shape directions and pose correctives.
// Axes as the open hand's: wrist at the origin, right hand's fingers to -x, back of the hand +y,
// thumb to +z.
#pragma once

#include "renderih/hand/hand_model.h"

namespace rih {

/// Shape directions: size, finger length, finger thickness, and a linear map of all vertices.
HandModel make_test_hand(Side side = Side::Right);

/// The same hand on both sides (the left is the mirror).
HandPair make_test_hand_pair();

} // namespace rih
