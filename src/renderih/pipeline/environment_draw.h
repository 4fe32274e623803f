// SPDX-License-Identifier: Apache-2.0
// Which environment a view is lit by: all are used before any comes again, in an order that is
// drawn anew each time round. Two views in a row of a pose share one, turned differently: a
// generated place is large to read.
#pragma once

#include <cstdint>

namespace rih {

inline constexpr int kViewsAnEnvironment = 2;

/// An index below `count`, of a view in 0 .. views - 1 of a pose.
int environment_of_view(std::uint64_t seed, std::uint64_t pose, int view, int views, int count);

} // namespace rih
