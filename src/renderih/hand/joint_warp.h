// SPDX-License-Identifier: Apache-2.0
// One hand's template brought into another's rest pose by its joints: bones are turned as the
// other's, fingers placed and scaled, along them and across them apart, and skin follows its bones.
// The start of a registration, which a closest-point fit ends (hand/registration.h).
#pragma once

#include "renderih/hand/hand_model.h"

namespace rih {

/// The template of `source` [V, 3] in the rest pose and proportions of `target`, a hand of the same
/// side. Fingers turn with the palm and then by the least angle to their bones: thumb_up_hint, a
/// convention that differs between models, has no part in it.
Points warp_by_joints(const HandModel& source, const HandModel& target);

} // namespace rih
