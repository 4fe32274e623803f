// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/kinematics.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/geometry/mesh.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/math/rotation.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

HandPose random_pose(const HandModel& model, std::uint64_t id, double angle = 1.0) {
    Rng rng(3, id, "kinematics_test");
    HandPose pose;
    for (Vec3& v : pose.axis_angle) {
        v = angle * Vec3(rng.normal(), rng.normal(), rng.normal());
    }
    pose.translation = {rng.normal(), rng.normal(), rng.normal()};
    pose.shape.resize(model.shape_count());
    for (double& s : pose.shape) {
        s = rng.normal();
    }
    return pose;
}

TEST(TestHand, IsAWholeHand) {
    const HandModel hand = make_test_hand();
    EXPECT_TRUE(is_closed(hand.faces));
    EXPECT_GT(signed_volume({hand.template_vertices, hand.faces}), 1e-4);
    EXPECT_LT(hand.vertex_count(), 1000);
    const VecX sums = hand.skin_weights * VecX::Ones(kJointCountWithForearm);
    EXPECT_LT((sums.array() - 1).abs().maxCoeff(), 1e-12);
    // The regressor puts the wrist at the origin and each finger's joints on a line to its tip.
    const Points joints = hand.joint_regressor * hand.template_vertices;
    EXPECT_LT(joints.row(0).norm(), 1e-12);
    for (int finger = 0; finger < 5; ++finger) {
        const Vec3 a = joints.row(1 + 3 * finger), b = joints.row(2 + 3 * finger),
                   c = joints.row(3 + 3 * finger),
                   tip = hand.template_vertices.row(hand.tip_vertices[kTipOfFinger[finger]]);
        EXPECT_NEAR((b - a).normalized().dot((c - b).normalized()), 1, 1e-12);
        EXPECT_NEAR((b - a).normalized().dot((tip - c).normalized()), 1, 1e-12);
    }
}

TEST(Kinematics, RestPoseIsTheTemplateMoved) {
    const HandModel hand = make_test_hand();
    HandPose pose;
    pose.translation = {0.1, -0.2, 0.3};
    const HandState state = pose_hand(hand, pose);
    EXPECT_LT((state.vertices.rowwise() - pose.translation.transpose() - hand.template_vertices)
                  .cwiseAbs()
                  .maxCoeff(),
              1e-15);
}

TEST(Kinematics, WristTurnsAboutItsOwnPlace) {
    const HandModel hand = make_test_hand();
    HandPose pose = random_pose(hand, 0);
    const ShapedHand shaped = shape_hand(hand, pose.shape);
    const HandState state = pose_hand(hand, pose);
    const Vec3 expected = shaped.rest_joints.row(0).transpose() + pose.translation;
    EXPECT_LT((state.joints.row(0).transpose() - expected).norm(), 1e-14);
    // The forearm's joint stays at the wrist.
    EXPECT_LT((state.joints.row(kForearmJoint).transpose() - expected).norm(), 1e-14);
}

TEST(Kinematics, BoneLengthsKeepAndTipsFollowTheLastJoint) {
    const HandModel hand = make_test_hand();
    const HandPose pose = random_pose(hand, 1);
    const ShapedHand shaped = shape_hand(hand, pose.shape);
    const HandState state = pose_hand(hand, pose);
    for (int j = 1; j < kJointCount; ++j) {
        const int p = kParents[j];
        EXPECT_NEAR((state.joints.row(j) - state.joints.row(p)).norm(),
                    (shaped.rest_joints.row(j) - shaped.rest_joints.row(p)).norm(),
                    1e-14);
    }
    // A tip has the weight of its last joint alone: it moves rigidly with it.
    const int tip = hand.tip_vertices[1];
    const Vec3 rigid = state.world_from_rest[3] * Vec3(state.corrected_vertices.row(tip));
    EXPECT_LT((rigid - state.vertices.row(tip).transpose()).norm(), 1e-14);
}

TEST(Kinematics, AgreesWithTheContractSpeltOut) {
    // design.md 5, entry by entry with dense arrays, as a numpy reader would.
    const HandModel hand = make_test_hand();
    const HandPose pose = random_pose(hand, 2);
    const MatX weights = hand.skin_weights, regressor = hand.joint_regressor;
    VecX flat = Eigen::Map<const VecX>(hand.template_vertices.data(), 3 * hand.vertex_count());
    flat += hand.shape_dirs * pose.shape;
    const Points rest = Eigen::Map<const Points>(flat.data(), hand.vertex_count(), 3);
    const Points joints = regressor * rest;
    VecX feature(135);
    std::array<Eigen::Matrix4d, kJointCountWithForearm> world_from_joint;
    for (int j = 0; j < kJointCountWithForearm; ++j) {
        const Mat3 r = rotation_from_axis_angle(pose.axis_angle[j]);
        for (int e = 0; j >= 1 && j < kJointCount && e < 9; ++e) {
            feature[9 * (j - 1) + e] = r(e / 3, e % 3) - (e / 3 == e % 3);
        }
        Eigen::Matrix4d local = Eigen::Matrix4d::Identity();
        local.topLeftCorner<3, 3>() = r;
        local.topRightCorner<3, 1>() =
            joints.row(j).transpose() -
            (j == 0 ? Vec3(Vec3::Zero()) : Vec3(joints.row(kParents[j])));
        world_from_joint[j] =
            j == 0 ? local : Eigen::Matrix4d(world_from_joint[kParents[j]] * local);
    }
    flat += hand.pose_dirs * feature;
    const HandState state = pose_hand(hand, pose);
    double worst = 0;
    for (int v = 0; v < hand.vertex_count(); ++v) {
        Vec3 expected = pose.translation;
        for (int j = 0; j < kJointCountWithForearm; ++j) {
            const Vec3 in_joint = flat.segment<3>(3 * v) - joints.row(j).transpose();
            expected += weights(v, j) * (world_from_joint[j] * in_joint.homogeneous()).head<3>();
        }
        worst = std::max(worst, (expected - state.vertices.row(v).transpose()).norm());
    }
    EXPECT_LT(worst, 1e-13);
}

TEST(Kinematics, MirrorOfModelAndPoseIsTheMirroredHand) {
    const HandPair pair = make_test_hand_pair();
    const HandPose pose = random_pose(pair[Side::Right], 3);
    HandState right = pose_hand(pair[Side::Right], pose);
    const HandState left = pose_hand(pair[Side::Left], mirror(pose));
    right.vertices.col(0) *= -1;
    right.joints.col(0) *= -1;
    EXPECT_LT((right.vertices - left.vertices).cwiseAbs().maxCoeff(), 1e-14);
    EXPECT_LT((right.joints - left.joints).cwiseAbs().maxCoeff(), 1e-14);
    EXPECT_GT(signed_volume({left.vertices, pair[Side::Left].faces}), 0);
    EXPECT_EQ(hash_of(mirror(pair[Side::Left])), hash_of(pair[Side::Right]));
    EXPECT_EQ(pair[Side::Left].part_of_face.front(), 34);
}

TEST(Kinematics, KeypointsAreInMano21Order) {
    const HandModel hand = make_test_hand();
    const HandState state = pose_hand(hand, random_pose(hand, 4));
    const Points keypoints = keypoints_mano21(hand, state);
    EXPECT_EQ(keypoints.row(0), state.joints.row(0));
    EXPECT_EQ(keypoints.row(1), state.joints.row(13)); // thumb root
    EXPECT_EQ(keypoints.row(4), state.vertices.row(hand.tip_vertices[0]));
    EXPECT_EQ(keypoints.row(17), state.joints.row(7)); // pinky root
    EXPECT_EQ(keypoints.row(20), state.vertices.row(hand.tip_vertices[4]));
}

TEST(Kinematics, RefusesTooManyShapeCoefficients) {
    const HandModel hand = make_test_hand();
    EXPECT_NO_THROW(shape_hand(hand, VecX()));
    EXPECT_THROW(shape_hand(hand, VecX::Zero(hand.shape_count() + 1)), UserError);
}

} // namespace
} // namespace rih
