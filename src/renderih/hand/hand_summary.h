// SPDX-License-Identifier: Apache-2.0
// What a hand model is, in words, for `renderih inspect`.
#pragma once

#include "renderih/hand/hand_model.h"

#include <string>

namespace rih {

/// A few lines: sizes, dimensions in millimetres, joints, shape directions, licence, hash.
std::string hand_summary(const HandModel& model);

} // namespace rih
