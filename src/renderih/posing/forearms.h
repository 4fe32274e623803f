// SPDX-License-Identifier: Apache-2.0
// Wrist angles for a posed pair: both forearms free of everything, and arms that could belong to
// one person - elbows apart, the right one to the right, towards the body where it is known.
// Candidates are compared with capsules here; the exact filter has the last word.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/posing/parameters.h"

#include <vector>

namespace rih {

inline constexpr double kMinWristFlexion = -50 * kDegree, kMaxWristFlexion = 50 * kDegree;
inline constexpr double kMinWristDeviation = -15 * kDegree, kMaxWristDeviation = 25 * kDegree;

struct ForearmRequest {
    std::array<double, 2> flexion{0, 0}, deviation{0, 0}; ///< suggested, radians
    Vec3 body_direction = Vec3::Zero(); ///< from the hands to the person; zero: not known
    int candidates_per_hand = 32;
};

struct ForearmChoice {
    std::array<double, 2> flexion{0, 0}, deviation{0, 0}; ///< radians
    double cost = 0;
    double overlap_m = 0; ///< deepest capsule overlap that is left; 0: free
};

/// The best `count` choices, cheapest first. `state` is the pair in its final pose, whatever its
/// forearms.
std::vector<ForearmChoice> choose_forearms(const PairRig& rig,
                                           const PairState& state,
                                           const ForearmRequest& request,
                                           Rng& rng,
                                           std::size_t count);

} // namespace rih
