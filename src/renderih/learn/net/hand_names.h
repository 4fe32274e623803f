// SPDX-License-Identifier: Apache-2.0
// Names of what a network has one of for each hand, as in checkpoints.
#pragma once

#include <array>
#include <string>

namespace rih::learn {

inline const std::array<std::string, 2> kHandNames{"right", "left"};

} // namespace rih::learn
