// SPDX-License-Identifier: Apache-2.0
// Every measure of one picture: a predicted pair of hands against its labels. Metres.
#pragma once

#include "renderih/hand/joint_order.h"
#include "renderih/learn/metrics/hand_metrics.h"

#include <array>
#include <limits>

namespace rih::learn {

/// A hand in metres, camera axes (x right, y down, z forward). Vertices may be missing: [0, 3].
struct ScoredHand {
    bool present = false;
    Points joints;   ///< [21, 3], mano21
    Points vertices; ///< [V, 3]
};
using ScoredPair = std::array<ScoredHand, 2>; // right, left

struct ScoreOptions {
    RootJoint root = RootJoint::MiddleMcp;
    /// MPJPE, MPVPE and PCK of the prediction after it was scaled by bone_scale().
    bool bone_scaled = false;
    double contact_threshold_m = 3e-3;
};

/// NaN: nothing to measure (a root that is not known; vertices that are not given).
struct HandScores {
    bool missed = false; ///< labelled, but not predicted
    double mpjpe = kNaN, pa_mpjpe = kNaN, smpjpe = kNaN;
    double mpvpe = kNaN, pa_mpvpe = kNaN;
    std::vector<double> joint_errors; ///< of the valid joints, as in mpjpe
    static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
};

struct PairScores {
    std::array<HandScores, 2> hands;
    double mrrpe = kNaN; ///< error of the vector from the right root to the left one
    double rrve = kNaN;  ///< mean vertex error of both hands, aligned at the right root
    double cdev = kNaN;  ///< contact_deviation() of the prediction over the target's contacts
    static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
};

using JointMask = std::array<bool, kKeypointCount>;

/// `valid[side]` says which joints of the target are known; a hand whose root is not known is not
/// measured. `one_frame`: the prediction's hands are where they are relative to each other, else
/// mrrpe, rrve and cdev are NaN. Throws UserError for a prediction that is not finite,
/// InternalError when counts differ.
PairScores score_pair(const ScoredPair& prediction,
                      const ScoredPair& target,
                      const std::array<JointMask, 2>& valid,
                      bool one_frame,
                      const ScoreOptions& options);

} // namespace rih::learn
