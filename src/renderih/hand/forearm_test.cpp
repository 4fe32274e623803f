// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/forearm.h"

#include "renderih/base/error.h"
#include "renderih/hand/hand_check.h"
#include "renderih/hand/kinematics.h"
#include "renderih/hand/testing/open_hand.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/math/rotation.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

TEST(Forearm, ClosesTheHandAndKeepsItsVertices) {
    for (const Side side : kSides) {
        const HandModel open = without_forearm(make_test_hand(side));
        ASSERT_EQ(border_loops(open.faces).size(), 1u);
        const HandModel hand = with_forearm(open);
        EXPECT_NO_THROW(check_hand(hand, "test"));
        EXPECT_EQ(hand.template_vertices.topRows(open.vertex_count()), open.template_vertices);
        EXPECT_EQ(hand.shape_dirs.topRows(3 * open.vertex_count()), open.shape_dirs);
        EXPECT_EQ(hand.part_of_face.back(), forearm_part(side));
        // 0.2 m along the arm, which is +x on the right hand.
        const double elbow = hand.template_vertices.col(0).maxCoeff();
        if (side == Side::Right) {
            EXPECT_NEAR(elbow, 0.2, 0.02);
        }
        const Points joints = hand.joint_regressor * hand.template_vertices;
        EXPECT_EQ(joints.row(0), joints.row(kForearmJoint));
    }
}

TEST(Forearm, TurnsWithJoint16AndLeavesTheHandAlone) {
    const HandModel open = without_forearm(make_test_hand());
    const HandModel hand = with_forearm(open);
    HandPose pose;
    pose.axis_angle[kForearmJoint] = Vec3(0, 0.4, 0);
    const HandState state = pose_hand(hand, pose);
    EXPECT_EQ(state.vertices.topRows(open.vertex_count()), open.template_vertices);
    const Eigen::Index elbow = hand.vertex_count() - 1;
    const Vec3 expected =
        rotation_about(1, 0.4) * Vec3(hand.template_vertices.row(elbow).transpose());
    EXPECT_LT((state.vertices.row(elbow).transpose() - expected).norm(), 1e-12);
}

TEST(Forearm, GrowsWithTheHandsSize) {
    const HandModel hand = with_forearm(without_forearm(make_test_hand()));
    VecX shape = VecX::Zero(hand.shape_count());
    shape[0] = 2; // 10 % larger
    const ShapedHand larger = shape_hand(hand, shape);
    const auto width = [&](const Points& vertices) {
        const auto ring = vertices.bottomRows(60).col(2);
        return ring.maxCoeff() - ring.minCoeff();
    };
    EXPECT_NEAR(width(larger.rest_vertices) / width(hand.template_vertices), 1.1, 1e-6);
}

TEST(Forearm, OfAMirroredHandIsTheMirroredForearm) {
    const HandModel open = without_forearm(make_test_hand());
    const HandModel left = with_forearm(without_forearm(make_test_hand(Side::Left)));
    const HandModel mirrored = mirror(with_forearm(open));
    EXPECT_EQ(mirrored.faces, left.faces);
    EXPECT_LT((mirrored.template_vertices - left.template_vertices).norm(), 1e-13);
    EXPECT_LT((mirrored.shape_dirs - left.shape_dirs).norm(), 1e-13);
}

TEST(Forearm, RefusesTwoBorders) {
    HandModel open = without_forearm(make_test_hand());
    open.faces.erase(open.faces.begin() + 40); // a hole
    open.part_of_face.erase(open.part_of_face.begin() + 40);
    EXPECT_THROW(with_forearm(open), UserError);
}

} // namespace
} // namespace rih
