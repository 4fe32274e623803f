// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/parameters.h"

#include "renderih/base/error.h"
#include "renderih/math/rotation.h"

namespace rih {

PairRig make_rig(const std::array<ShapedHand, 2>& hands, const std::array<Mat3, 2>& wrists) {
    PairRig rig;
    rig.hands = hands;
    rig.world_from_hand = wrists;
    for (int h = 0; h < 2; ++h) {
        rig.frames[h] = anatomy_frames(hands[h]);
    }
    return rig;
}

Mat3 forearm_rotation(const PairRig& rig, int hand) {
    return rotation_from_axis_angle(
        forearm_axis_angle(kSides[hand], rig.forearm_flexion[hand], rig.forearm_deviation[hand]));
}

JointRotations joint_rotations(const PairRig& rig, const PairParameters& parameters, int hand) {
    JointRotations rotations;
    rotations[0] = rig.world_from_hand[hand];
    for (int i = 0; i < kFingerJointCount; ++i) {
        rotations[i + 1] = rotation_from_angles(rig.frames[hand][i], parameters.angles[hand][i]);
    }
    rotations[kForearmJoint] = forearm_rotation(rig, hand);
    return rotations;
}

PairState pose_pair(const PairRig& rig, const PairParameters& parameters) {
    PairState state;
    state.parameters = parameters;
    for (int h = 0; h < 2; ++h) {
        state.rotations[h] = joint_rotations(rig, parameters, h);
        state.hands[h] = pose_hand(rig.hands[h], state.rotations[h], parameters.translation[h]);
    }
    return state;
}

void PairGradient::reset(const PairRig& rig) {
    for (int h = 0; h < 2; ++h) {
        d_vertices[h].setZero(rig.hands[h].model->vertex_count(), 3);
    }
    d_angles = {};
}

PairParameters
parameter_gradient(const PairRig& rig, const PairState& state, const PairGradient& gradient) {
    PairParameters result;
    const Points no_joints = Points::Zero(kJointCountWithForearm, 3);
    for (int h = 0; h < 2; ++h) {
        const HandGradient hand = pose_gradient(
            rig.hands[h], state.rotations[h], state.hands[h], gradient.d_vertices[h], no_joints);
        for (int i = 0; i < kFingerJointCount; ++i) {
            const auto derivatives =
                rotation_angle_derivatives(rig.frames[h][i], state.parameters.angles[h][i]);
            const auto along = [&](int axis) {
                return hand.rotation[i + 1].cwiseProduct(derivatives[axis]).sum();
            };
            const JointAngles& direct = gradient.d_angles[h][i];
            result.angles[h][i] = {
                direct.twist + along(0), direct.splay + along(1), direct.bend + along(2)};
        }
        result.translation[h] = hand.translation;
    }
    return result;
}

namespace {

/// Walks both layouts side by side; `translation_factor` multiplies on the way into the vector.
VecX pack(const PairParameters& parameters, double translation_factor) {
    VecX variables(kPairVariableCount);
    int at = 0;
    for (int h = 0; h < 2; ++h) {
        for (const JointAngles& joint : parameters.angles[h]) {
            variables[at++] = joint.twist;
            variables[at++] = joint.splay;
            variables[at++] = joint.bend;
        }
        variables.segment<3>(at) = translation_factor * parameters.translation[h];
        at += 3;
    }
    return variables;
}

} // namespace

VecX to_variables(const PairParameters& parameters, double metres_per_unit) {
    return pack(parameters, 1 / metres_per_unit);
}

VecX gradient_to_variables(const PairParameters& gradient, double metres_per_unit) {
    return pack(gradient, metres_per_unit);
}

PairParameters from_variables(const VecX& variables, double metres_per_unit) {
    RIH_ASSERT(variables.size() == kPairVariableCount, "{} variables", variables.size());
    PairParameters parameters;
    int at = 0;
    for (int h = 0; h < 2; ++h) {
        for (JointAngles& joint : parameters.angles[h]) {
            joint = {variables[at], variables[at + 1], variables[at + 2]};
            at += 3;
        }
        parameters.translation[h] = metres_per_unit * variables.segment<3>(at);
        at += 3;
    }
    return parameters;
}

std::vector<std::string> variable_names() {
    std::vector<std::string> names;
    for (const Side side : kSides) {
        for (int j = 1; j <= kFingerJointCount; ++j) {
            for (const char* axis : {"twist", "splay", "bend"}) {
                names.push_back(fmt::format("{} {} {}", name_of(side), kJointNames[j], axis));
            }
        }
        for (const char* axis : {"x", "y", "z"}) {
            names.push_back(fmt::format("{} translation {}", name_of(side), axis));
        }
    }
    return names;
}

PairPose to_pair_pose(const PairRig& rig, const PairParameters& parameters) {
    PairPose pose;
    for (int h = 0; h < 2; ++h) {
        set_finger_angles(rig.frames[h], parameters.angles[h], pose[h]);
        pose[h].axis_angle[0] = axis_angle_from_rotation(rig.world_from_hand[h]);
        pose[h].axis_angle[kForearmJoint] =
            forearm_axis_angle(kSides[h], rig.forearm_flexion[h], rig.forearm_deviation[h]);
        pose[h].translation = parameters.translation[h];
        pose[h].shape = rig.hands[h].shape;
    }
    return pose;
}

} // namespace rih
