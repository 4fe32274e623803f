// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/bring_near.h"

#include <limits>

namespace rih {

PairParameters bring_near(const Anchors& anchors,
                          const PairRig& rig,
                          const PairParameters& parameters,
                          double gap) {
    const PairState state = pose_pair(rig, parameters);
    Vec3 nearest = Vec3::Zero(); // from left to right
    double distance = std::numeric_limits<double>::infinity();
    for (const int right : anchors.vertices) {
        for (const int left : anchors.vertices) {
            const Vec3 offset =
                state.hands[0].vertices.row(right) - state.hands[1].vertices.row(left);
            if (offset.norm() < distance) {
                distance = offset.norm();
                nearest = offset;
            }
        }
    }
    PairParameters moved = parameters;
    if (distance > gap && distance < std::numeric_limits<double>::infinity()) {
        moved.translation[1] += nearest * (1 - gap / distance);
    }
    return moved;
}

} // namespace rih
