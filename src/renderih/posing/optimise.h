// SPDX-License-Identifier: Apache-2.0
// The paper's optimisation of one pair (3.1, supplement 2): Adam on eq. 9 for 215 iterations,
// penetration first and attraction later, anchor pairs rebuilt every 40. When the weights have
// reached their ends the steps are projected onto Table 2, so that the last 50 iterations settle
// contact and penetration under the exact limits and no later clamp undoes them.
#pragma once

#include "renderih/posing/pair_energy.h"

#include <functional>

namespace rih {

/// Angles inside Table 2 by at least `kLimitMargin` wherever the range is wider than twice that, so
/// that they are still inside after a round trip through axis-angle.
inline constexpr double kLimitMargin = 1e-7; // radians
FingerAngles clamp_inside_limits(const FingerAngles& angles);

/// Called after each evaluation: iteration, energy, the terms' values.
using OptimiseObserver =
    std::function<void(int, double, const std::vector<std::pair<std::string, double>>&)>;

PairParameters optimise_pair(const PosingContext& context,
                             const PosingOptions& options,
                             const PairRig& rig,
                             const PairParameters& initial,
                             const OptimiseObserver& observer = {});

} // namespace rih
