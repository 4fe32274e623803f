// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/terms/anatomy_term.h"

namespace rih {

double AnatomyTerm::evaluate(const PairState& state, double weight, PairGradient& gradient) {
    double energy = 0;
    const auto add = [&](double angle, const AngleRange& range, double& d_angle) {
        const double excess = limit_excess(angle, range);
        energy += excess * excess;
        d_angle += weight * 2 * excess;
    };
    const auto& limits = table2_limits();
    for (int h = 0; h < 2; ++h) {
        for (int i = 0; i < kFingerJointCount; ++i) {
            const JointAngles& angles = state.parameters.angles[h][i];
            JointAngles& d_angles = gradient.d_angles[h][i];
            add(angles.twist, limits[i].twist, d_angles.twist);
            add(angles.splay, limits[i].splay, d_angles.splay);
            add(angles.bend, limits[i].bend, d_angles.bend);
        }
    }
    return energy;
}

} // namespace rih
