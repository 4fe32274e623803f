// SPDX-License-Identifier: Apache-2.0
// What every hand model in memory must be, whatever file it came from.
#pragma once

#include "renderih/hand/hand_model.h"

#include <string>

namespace rih {

/// Throws a UserError that names `where`, the array and the first value at fault: arrays agree in
/// size, indices lie in range, the surface is closed, weights and regressor are affine (sums are 1
/// within 1e-6), every part is there and can be closed, bones have a length.
void check_hand(const HandModel& model, const std::string& where);

} // namespace rih
