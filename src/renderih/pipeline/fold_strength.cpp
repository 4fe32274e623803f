// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/fold_strength.h"

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

constexpr double kReachM = 0.011;     // of a joint's influence, to 1 / e
constexpr double kRootReachM = 0.028; // of a finger's root: the tendon behind it moves too

double smooth_step(double from, double to, double x) {
    const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
    return t * t * (3 - 2 * t);
}

/// Of the wrinkles on a joint's back: stretched skin keeps a tenth. They lie a little deeper in a
/// finger that is bent backwards.
double back_strength(double bend_deg) {
    return bend_deg < 0 ? 1 + std::min(0.3, -bend_deg / 60)
                        : 1 - 0.9 * smooth_step(5, 75, bend_deg);
}

/// Of the creases on the palm side.
double palm_strength(double bend_deg) {
    return 1 + 0.8 * smooth_step(0, 80, bend_deg);
}

} // namespace

VecX fold_strength(const ShapedHand& hand,
                   const Points& rest_vertices,
                   const VecX& palm,
                   const FingerAngles& angles) {
    VecX strength(rest_vertices.rows());
    for (Eigen::Index v = 0; v < rest_vertices.rows(); ++v) {
        double sum = 0, back = 0, front = 0;
        for (int j = 0; j < kFingerJointCount; ++j) {
            const double reach = is_finger_root(j + 1) ? kRootReachM : kReachM;
            const double square =
                (rest_vertices.row(v) - hand.rest_joints.row(j + 1)).squaredNorm() /
                (reach * reach);
            const double weight = std::exp(-square);
            const double bend_deg = angles[static_cast<std::size_t>(j)].bend / kDegree;
            sum += weight;
            back += weight * back_strength(bend_deg);
            front += weight * palm_strength(bend_deg);
        }
        // Far from all joints the skin is as on the flat hand.
        constexpr double kElsewhere = 0.05;
        back = (back + kElsewhere) / (sum + kElsewhere);
        front = (front + kElsewhere) / (sum + kElsewhere);
        strength[v] = back + (front - back) * smooth_step(0.3, 0.7, palm[v]);
    }
    return strength;
}

} // namespace rih
