// SPDX-License-Identifier: Apache-2.0
// Forward kinematics and linear blend skinning, and their derivative as a vector-Jacobian product.
//   rest = template + shape_dirs shape;  J = joint_regressor rest
//   posed = rest + pose_dirs (R - I)
//   vertex = sum_j w_j (world_from_joint_j (posed - J_j)) + translation
#pragma once

#include "renderih/hand/hand_model.h"
#include "renderih/hand/hand_pose.h"
#include "renderih/hand/pose_correctives.h"
#include "renderih/math/rigid3.h"

#include <array>
#include <memory>

namespace rih {

using JointRotations = std::array<Mat3, kJointCountWithForearm>; // relative to the parent

JointRotations rotations_of(const HandPose& pose);

/// A hand of one identity: what depends on shape alone, computed once.
struct ShapedHand {
    const HandModel* model = nullptr;                   // must outlive this
    VecX shape;                                         // [S]
    Points rest_vertices;                               // [V, 3]
    Points rest_joints;                                 // [17, 3]
    std::shared_ptr<const PoseCorrectives> correctives; // of the model, without their zeros
};
/// `shape` may be shorter than the model's S (the rest is zero). Throws UserError when longer.
/// `correctives`, unless null, are the model's, known already: to find them takes milliseconds.
ShapedHand shape_hand(const HandModel& model,
                      const VecX& shape,
                      std::shared_ptr<const PoseCorrectives> correctives = nullptr);

/// What a pose computes: x_in_world = world_from_rest[j] * x_rest for a vertex bound to joint j
/// alone, the pose's translation included.
struct HandState {
    std::array<Rigid3, kJointCountWithForearm> world_from_rest;
    Points corrected_vertices; // [V, 3], rest + pose correctives
    Points vertices;           // [V, 3], world
    Points joints;             // [17, 3], world
};
HandState
pose_hand(const ShapedHand& hand, const JointRotations& rotations, const Vec3& translation);
HandState pose_hand(const HandModel& model, const HandPose& pose);

/// The 21 keypoints in mano21 order (joints, tips = tip_vertices). [21, 3]
Points keypoints_mano21(const HandModel& model, const HandState& state);

/// dE/d parameters for an energy whose dE/dvertices and dE/djoints are known.
struct HandGradient {
    JointRotations rotation; // dE/dR entry by entry: E changes by sum(rotation[j] .* dR_j)
    Vec3 translation = Vec3::Zero();
    VecX shape; // [S], empty unless asked for
};
HandGradient pose_gradient(const ShapedHand& hand,
                           const JointRotations& rotations,
                           const HandState& state,
                           const Points& d_vertices, // [V, 3]
                           const Points& d_joints,   // [17, 3]
                           bool with_shape = false);

} // namespace rih
