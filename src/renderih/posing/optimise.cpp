// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/optimise.h"

#include "renderih/posing/solver/adam.h"

#include <algorithm>

namespace rih {

namespace {

double clamp_inside(double angle, const AngleRange& range) {
    const double margin = std::min(kLimitMargin, 0.5 * (range.high - range.low));
    return std::clamp(angle, range.low + margin, range.high - margin);
}

} // namespace

FingerAngles clamp_inside_limits(const FingerAngles& angles) {
    const auto& limits = table2_limits();
    FingerAngles inside;
    for (int i = 0; i < kFingerJointCount; ++i) {
        inside[i] = {clamp_inside(angles[i].twist, limits[i].twist),
                     clamp_inside(angles[i].splay, limits[i].splay),
                     clamp_inside(angles[i].bend, limits[i].bend)};
    }
    return inside;
}

PairParameters optimise_pair(const PosingContext& context,
                             const PosingOptions& options,
                             const PairRig& rig,
                             const PairParameters& initial,
                             const OptimiseObserver& observer) {
    const double unit = options.translation_unit;
    PairParameters parameters = initial;
    VecX variables = to_variables(parameters, unit);
    PairState state = pose_pair(rig, parameters);
    PairEnergy energy(context, options, state);
    PairGradient gradient;
    const AdamOptions steps{.learning_rate = options.learning_rate,
                            .learning_rate_factor = options.learning_rate_factor,
                            .plateau_patience = options.plateau_patience};
    Adam adam(steps, kPairVariableCount);
    for (int iteration = 0; iteration < options.iterations; ++iteration) {
        if (iteration > 0) {
            state = pose_pair(rig, parameters);
        }
        if (options.starts_stage(iteration)) {
            adam = Adam(steps, kPairVariableCount);
        }
        if (options.rebuilds_anchors(iteration)) {
            energy.rebuild(state);
            // Other pairs are another function: its values do not compare with those before.
            adam.restart_plateau();
        }
        const double value = energy.evaluate(rig, state, iteration, gradient);
        if (observer) {
            observer(iteration, value, energy.values());
        }
        adam.step(value,
                  gradient_to_variables(parameter_gradient(rig, state, gradient), unit),
                  variables);
        parameters = from_variables(variables, unit);
        if (options.project_angles && iteration >= options.schedule_end) {
            for (FingerAngles& angles : parameters.angles) {
                angles = clamp_inside_limits(angles);
            }
            variables = to_variables(parameters, unit);
        }
    }
    if (options.project_angles) {
        for (FingerAngles& angles : parameters.angles) {
            angles = clamp_inside_limits(angles);
        }
    }
    return parameters;
}

} // namespace rih
