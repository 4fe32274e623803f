// SPDX-License-Identifier: Apache-2.0
// psi of eq. 9: what the optimiser turns. For each hand the (twist, splay, bend) of its 15 finger
// joints - a full chart of SO(3), so these are the paper's free rotations - and its translation:
// 96 numbers. Wrist rotations, forearms and shapes stay as they are.
#pragma once

#include "renderih/hand/anatomy.h"

#include <string>
#include <vector>

namespace rih {

struct PairParameters {
    std::array<FingerAngles, 2> angles{};                        // radians
    std::array<Vec3, 2> translation{Vec3::Zero(), Vec3::Zero()}; // m, world
};

/// What the optimiser leaves alone, worked out once per pair.
struct PairRig {
    std::array<ShapedHand, 2> hands;
    std::array<AnatomyFrames, 2> frames;
    std::array<Mat3, 2> world_from_hand{Mat3::Identity(), Mat3::Identity()};
    std::array<double, 2> forearm_flexion{0, 0}, forearm_deviation{0, 0}; // radians
};

/// Frames from the shaped hands.
PairRig make_rig(const std::array<ShapedHand, 2>& hands, const std::array<Mat3, 2>& wrists);

/// Of the 17th joint, relative to the wrist.
Mat3 forearm_rotation(const PairRig& rig, int hand);

JointRotations joint_rotations(const PairRig& rig, const PairParameters& parameters, int hand);

/// Both hands' states, and the rotations that gave them.
struct PairState {
    PairParameters parameters;
    std::array<JointRotations, 2> rotations;
    std::array<HandState, 2> hands;
};
PairState pose_pair(const PairRig& rig, const PairParameters& parameters);

/// dE by everything that a term may depend on directly.
struct PairGradient {
    std::array<Points, 2> d_vertices;       // [V, 3]
    std::array<FingerAngles, 2> d_angles{}; // per radian
    void reset(const PairRig& rig);         // zeros of the rig's sizes
};

/// dE by the 96 parameters: the chain rule through skinning, kinematics and the angles' charts.
PairParameters
parameter_gradient(const PairRig& rig, const PairState& state, const PairGradient& gradient);

/// As one vector: for each hand 45 angles (twist, splay, bend of joints 1 .. 15), then its
/// translation in units of `metres_per_unit`. Adam moves every variable by about the same step, and
/// 0.01 rad is a fair step for an angle where 0.01 m is not; so one unit is 0.02 m by default,
/// which makes the translation's step 0.2 mm.
inline constexpr int kVariablesPerHand = 3 * kFingerJointCount + 3;
inline constexpr int kPairVariableCount = 2 * kVariablesPerHand;
VecX to_variables(const PairParameters& parameters, double metres_per_unit);
PairParameters from_variables(const VecX& variables, double metres_per_unit);
/// The gradient by those variables of a gradient by the parameters.
VecX gradient_to_variables(const PairParameters& gradient, double metres_per_unit);

/// "right index1 bend" and the like, in the vector's order.
std::vector<std::string> variable_names();

/// The stored form of a pair: axis-angle of every joint, forearm included.
PairPose to_pair_pose(const PairRig& rig, const PairParameters& parameters);

} // namespace rih
