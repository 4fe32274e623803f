// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/kinematics.h"

#include "renderih/base/error.h"
#include "renderih/math/rotation.h"

namespace rih {

namespace {

using Blend = Eigen::Matrix<double, 3, 4>; // [A | b]: x_in_world = A x + b
using Weights = Eigen::SparseMatrix<double, Eigen::RowMajor>;

/// The chain without the translation of the pose: Q_j turns by R_j about J_j, and
/// world_from_rest_j = world_from_rest_parent Q_j.
std::array<Rigid3, kJointCountWithForearm> forward_kinematics(const Points& rest_joints,
                                                              const JointRotations& rotations) {
    std::array<Rigid3, kJointCountWithForearm> world_from_rest;
    for (int j = 0; j < kJointCountWithForearm; ++j) {
        const Vec3 joint = rest_joints.row(j).transpose();
        const Rigid3 turn{rotations[j], joint - rotations[j] * joint};
        world_from_rest[j] = j == 0 ? turn : world_from_rest[kParents[j]] * turn;
    }
    return world_from_rest;
}

} // namespace

JointRotations rotations_of(const HandPose& pose) {
    JointRotations rotations;
    for (int j = 0; j < kJointCountWithForearm; ++j) {
        rotations[j] = rotation_from_axis_angle(pose.axis_angle[j]);
    }
    return rotations;
}

ShapedHand shape_hand(const HandModel& model,
                      const VecX& shape,
                      std::shared_ptr<const PoseCorrectives> correctives) {
    RIH_REQUIRE(shape.size() <= model.shape_count(),
                "shape: has {} coefficients, but the hand model \"{}\" has {}; give as many or "
                "fewer",
                shape.size(),
                model.name,
                model.shape_count());
    ShapedHand hand;
    hand.model = &model;
    hand.shape = VecX::Zero(model.shape_count());
    hand.shape.head(shape.size()) = shape;
    hand.rest_vertices = model.template_vertices;
    Eigen::Map<VecX>(hand.rest_vertices.data(), hand.rest_vertices.size()) +=
        model.shape_dirs * hand.shape;
    hand.rest_joints = model.joint_regressor * hand.rest_vertices;
    hand.correctives = correctives != nullptr ? std::move(correctives)
                                              : std::make_shared<const PoseCorrectives>(model);
    return hand;
}

HandState
pose_hand(const ShapedHand& hand, const JointRotations& rotations, const Vec3& translation) {
    HandState state;
    state.world_from_rest = forward_kinematics(hand.rest_joints, rotations);
    state.corrected_vertices = hand.rest_vertices;
    hand.correctives->add_to(rotations, state.corrected_vertices);

    std::array<Blend, kJointCountWithForearm> blend_of_joint;
    for (int j = 0; j < kJointCountWithForearm; ++j) {
        blend_of_joint[j] << state.world_from_rest[j].rotation,
            state.world_from_rest[j].translation;
    }
    const Weights& weights = hand.model->skin_weights;
    const Eigen::Index vertex_count = hand.rest_vertices.rows();
    state.vertices.resize(vertex_count, 3);
    for (Eigen::Index v = 0; v < vertex_count; ++v) {
        Blend blend = Blend::Zero();
        for (Weights::InnerIterator it(weights, v); it; ++it) {
            blend += it.value() * blend_of_joint[static_cast<std::size_t>(it.col())];
        }
        state.vertices.row(v) = (blend.leftCols<3>() * state.corrected_vertices.row(v).transpose() +
                                 blend.col(3) + translation)
                                    .transpose();
    }

    state.joints.resize(kJointCountWithForearm, 3);
    for (int j = 0; j < kJointCountWithForearm; ++j) {
        state.world_from_rest[j].translation += translation;
        state.joints.row(j) =
            (state.world_from_rest[j] * hand.rest_joints.row(j).transpose()).transpose();
    }
    return state;
}

HandState pose_hand(const HandModel& model, const HandPose& pose) {
    return pose_hand(shape_hand(model, pose.shape), rotations_of(pose), pose.translation);
}

Points keypoints_mano21(const HandModel& model, const HandState& state) {
    Points keypoints(kKeypointCount, 3);
    for (int k = 0; k < kKeypointCount; ++k) {
        const int source = kMano21Source[k];
        keypoints.row(k) = source < kJointCount
                               ? state.joints.row(source)
                               : state.vertices.row(model.tip_vertices[source - kJointCount]);
    }
    return keypoints;
}

HandGradient pose_gradient(const ShapedHand& hand,
                           const JointRotations& rotations,
                           const HandState& state,
                           const Points& d_vertices,
                           const Points& d_joints,
                           bool with_shape) {
    const Eigen::Index vertex_count = hand.rest_vertices.rows();
    RIH_ASSERT(d_vertices.rows() == vertex_count && d_joints.rows() == kJointCountWithForearm,
               "gradient of {} vertices and {} joints for a hand of {} and {}",
               d_vertices.rows(),
               d_joints.rows(),
               vertex_count,
               kJointCountWithForearm);

    // Skinning, backwards: d_transform[j] = [dE/dA_j | dE/db_j] of x_in_world = A_j x + b_j.
    std::array<Blend, kJointCountWithForearm> d_transform;
    d_transform.fill(Blend::Zero());
    Points d_corrected(vertex_count, 3);
    const Weights& weights = hand.model->skin_weights;
    for (Eigen::Index v = 0; v < vertex_count; ++v) {
        const Vec3 d_vertex = d_vertices.row(v).transpose();
        if (d_vertex.isZero(0)) { // energies touch few vertices
            d_corrected.row(v).setZero();
            continue;
        }
        Blend d_blend;
        d_blend << d_vertex * state.corrected_vertices.row(v), d_vertex;
        Mat3 rotation = Mat3::Zero();
        for (Weights::InnerIterator it(weights, v); it; ++it) {
            const auto j = static_cast<std::size_t>(it.col());
            d_transform[j] += it.value() * d_blend;
            rotation += it.value() * state.world_from_rest[j].rotation;
        }
        d_corrected.row(v) = (rotation.transpose() * d_vertex).transpose();
    }

    // Joints: x_j = A_j J_j + b_j.
    Points d_rest_joints(kJointCountWithForearm, 3);
    for (int j = 0; j < kJointCountWithForearm; ++j) {
        const Vec3 d_joint = d_joints.row(j).transpose();
        d_transform[j].leftCols<3>() += d_joint * hand.rest_joints.row(j);
        d_transform[j].col(3) += d_joint;
        d_rest_joints.row(j) =
            (state.world_from_rest[j].rotation.transpose() * d_joint).transpose();
    }

    // The chain, from the tips to the wrist: A_j = A_p R_j, b_j = A_p (J_j - R_j J_j) + b_p.
    HandGradient gradient;
    for (int j = kJointCountWithForearm - 1; j >= 0; --j) {
        const Mat3 d_rotation = d_transform[j].leftCols<3>();
        const Vec3 d_offset = d_transform[j].col(3);
        const Vec3 joint = hand.rest_joints.row(j).transpose();
        const int parent = kParents[j];
        Mat3 parent_rotation = Mat3::Identity();
        if (parent >= 0) {
            parent_rotation = state.world_from_rest[parent].rotation;
            d_transform[parent].leftCols<3>() +=
                d_rotation * rotations[j].transpose() +
                d_offset * (joint - rotations[j] * joint).transpose();
            d_transform[parent].col(3) += d_offset;
        }
        const Vec3 d_offset_in_parent = parent_rotation.transpose() * d_offset;
        gradient.rotation[j] =
            parent_rotation.transpose() * d_rotation - d_offset_in_parent * joint.transpose();
        d_rest_joints.row(j) +=
            (d_offset_in_parent - rotations[j].transpose() * d_offset_in_parent).transpose();
    }
    gradient.translation = d_transform[0].col(3);
    hand.correctives->add_gradient(d_corrected, gradient.rotation);

    if (with_shape) {
        Points d_rest_vertices = d_corrected;
        d_rest_vertices += hand.model->joint_regressor.transpose() * d_rest_joints;
        gradient.shape = hand.model->shape_dirs.transpose() *
                         Eigen::Map<const VecX>(d_rest_vertices.data(), d_rest_vertices.size());
    }
    return gradient;
}

} // namespace rih
