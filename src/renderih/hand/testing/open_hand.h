// SPDX-License-Identifier: Apache-2.0
// A hand as MANO's files have it: open at the wrist, 16 joints. For tests of readers.
#pragma once

#include "renderih/hand/hand_model.h"

namespace rih {

/// `hand` without its forearm: vertices of the forearm alone are gone, the others keep their order;
/// skin_weights [V, 16] (the forearm's part goes to the wrist), joint_regressor [16, V]. Quads and
/// texture coordinates are dropped. A joint regressed from forearm vertices is regressed from the
/// palm instead, to the same place under every shape.
HandModel without_forearm(const HandModel& hand);

} // namespace rih
