// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/terms/adversarial_term.h"

namespace rih {

double AdversarialTerm::evaluate(const PairState& state, double weight, PairGradient& gradient) {
    double energy = 0;
    for (int h = 0; h < 2; ++h) {
        FingerAngles slope;
        const double probability =
            discriminator_.probability_gradient(state.parameters.angles[h], &slope);
        energy += (probability - 1) * (probability - 1);
        const double factor = weight * 2 * (probability - 1);
        for (int i = 0; i < kFingerJointCount; ++i) {
            gradient.d_angles[h][i].twist += factor * slope[i].twist;
            gradient.d_angles[h][i].splay += factor * slope[i].splay;
            gradient.d_angles[h][i].bend += factor * slope[i].bend;
        }
    }
    return energy;
}

} // namespace rih
