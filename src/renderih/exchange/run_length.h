// SPDX-License-Identifier: Apache-2.0
// Masks as COCO writes them: run lengths down the columns, as text.
#pragma once

#include "renderih/image/image.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace rih {

/// Lengths of runs of 0, 1, 0, ... over the columns of a mask, the first of 0 (maybe empty).
std::vector<std::uint32_t>
run_lengths(int width, int height, const std::function<bool(int x, int y)>& is_set);

/// COCO's text of them: from the fourth on less the one before the last, five bits a character
/// from the low end, '0' being 0 and 32 added where more follow.
std::string coco_text(const std::vector<std::uint32_t>& runs);

} // namespace rih
