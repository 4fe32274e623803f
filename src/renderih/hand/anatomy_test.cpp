// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/anatomy.h"

#include "renderih/base/rng.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/math/rotation.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

FingerAngles random_angles(std::uint64_t id, double splay_limit = kPi / 2 - 0.01) {
    Rng rng(5, id, "anatomy_test");
    FingerAngles angles;
    for (JointAngles& a : angles) {
        a = {
            rng.uniform(-kPi, kPi), rng.uniform(-splay_limit, splay_limit), rng.uniform(-kPi, kPi)};
    }
    return angles;
}

void expect_equal(const FingerAngles& a, const FingerAngles& b, double tolerance) {
    for (int j = 0; j < kFingerJointCount; ++j) {
        EXPECT_NEAR(a[j].twist, b[j].twist, tolerance) << kJointNames[j + 1];
        EXPECT_NEAR(a[j].splay, b[j].splay, tolerance) << kJointNames[j + 1];
        EXPECT_NEAR(a[j].bend, b[j].bend, tolerance) << kJointNames[j + 1];
    }
}

AnatomyFrames frames_of(const HandModel& hand) {
    return anatomy_frames(shape_hand(hand, VecX::Zero(hand.shape_count())));
}

TEST(Anatomy, FramesAreRotationsWithTwistAlongTheBone) {
    for (const Side side : kSides) {
        const HandModel hand = make_test_hand(side);
        for (const Mat3& c : frames_of(hand)) {
            EXPECT_LT((c * c.transpose() - Mat3::Identity()).norm(), 1e-14);
            EXPECT_NEAR(c.determinant(), 1, 1e-14);
        }
    }
    // Right index: x to the wrist, y out of the back, z to the thumb.
    EXPECT_LT((frames_of(make_test_hand())[0] - Mat3::Identity()).norm(), 1e-12);
}

TEST(Anatomy, AnglesAndRotationsAreInversesOnBothHands) {
    for (const Side side : kSides) {
        const HandModel hand = make_test_hand(side);
        const AnatomyFrames frames = frames_of(hand);
        for (std::uint64_t id = 0; id < 200; ++id) {
            const FingerAngles angles = random_angles(id);
            HandPose pose;
            set_finger_angles(frames, angles, pose);
            expect_equal(finger_angles(frames, pose), angles, 1e-11);
        }
    }
    // And rotation -> angles -> rotation, for any rotation.
    Rng rng(5, 0, "rotations");
    const Mat3 frame = rotation_from_axis_angle(Vec3(0.3, -1, 2));
    for (int i = 0; i < 200; ++i) {
        const Mat3 r =
            rotation_from_axis_angle(2.0 * Vec3(rng.normal(), rng.normal(), rng.normal()));
        const JointAngles angles = angles_from_rotation(frame, r);
        EXPECT_LE(std::abs(angles.splay), kPi / 2);
        EXPECT_LT((rotation_from_angles(frame, angles) - r).norm(), 1e-13);
    }
}

TEST(Anatomy, SplayOfNinetyDegreesStillGivesTheRotation) {
    const Mat3 frame = rotation_from_axis_angle(Vec3(0.3, -1, 2));
    for (const double splay : {kPi / 2, -kPi / 2}) {
        const Mat3 r = rotation_from_angles(frame, {0.4, splay, 0.9});
        const JointAngles angles = angles_from_rotation(frame, r);
        EXPECT_LT((rotation_from_angles(frame, angles) - r).norm(), 1e-12);
    }
}

TEST(Anatomy, EqualAnglesAreMirrorImages) {
    const HandPair pair = make_test_hand_pair();
    const FingerAngles angles = random_angles(7);
    PairPose poses;
    for (const Side side : kSides) {
        set_finger_angles(frames_of(pair[side]), angles, poses[index_of(side)]);
    }
    const HandPose mirrored = mirror(poses[0]);
    for (int j = 1; j < kJointCount; ++j) {
        const Mat3 expected = rotation_from_axis_angle(mirrored.axis_angle[j]);
        const Mat3 left = rotation_from_axis_angle(poses[1].axis_angle[j]);
        EXPECT_LT((expected - left).norm(), 1e-12) << kJointNames[j];
    }
    expect_equal(finger_angles(frames_of(pair[Side::Left]), mirrored), angles, 1e-11);
}

/// Where the tip of a finger goes, relative to rest, when one angle of its root joint grows.
Vec3 tip_motion(Side side, int finger, const JointAngles& root) {
    const HandModel hand = make_test_hand(side);
    const int tip = hand.tip_vertices[kTipOfFinger[finger]];
    FingerAngles angles;
    angles[3 * finger] = root;
    HandPose pose;
    set_finger_angles(frames_of(hand), angles, pose);
    return (pose_hand(hand, pose).vertices.row(tip) - hand.template_vertices.row(tip)).transpose();
}

TEST(Anatomy, PositiveBendGoesToThePalm) {
    for (const Side side : kSides) {
        for (int finger = 0; finger < 5; ++finger) {
            EXPECT_LT(tip_motion(side, finger, {0, 0, 0.5}).y(), -0.01);
        }
        EXPECT_GT(tip_motion(side, 0, {0, 0.3, 0}).z(), 0.01); // index splays to the thumb
    }
}

TEST(Anatomy, Table2) {
    const auto& limits = table2_limits();
    const auto expect = [&](int joint, double low, double high) {
        EXPECT_DOUBLE_EQ(limits[joint - 1].bend.low, low * kDegree) << kJointNames[joint];
        EXPECT_DOUBLE_EQ(limits[joint - 1].bend.high, high * kDegree) << kJointNames[joint];
    };
    expect(1, -25, 70), expect(2, -4, 110), expect(3, -8, 90);
    expect(4, -25, 80), expect(5, -7, 100), expect(6, -8, 90);
    expect(7, -22, 70), expect(8, -8, 90), expect(9, -8, 90);
    expect(10, -25, 70), expect(11, -10, 100), expect(12, -8, 90);
    expect(13, -20, 40), expect(14, -8, 50), expect(15, -10, 100);
    EXPECT_DOUBLE_EQ(limits[6].splay.low, -20 * kDegree);
    EXPECT_DOUBLE_EQ(limits[6].splay.high, 30 * kDegree);
    for (int j = 1; j < kJointCount; ++j) {
        EXPECT_EQ(limits[j - 1].twist.high - limits[j - 1].twist.low, 0);
        EXPECT_EQ(limits[j - 1].splay.high > 0, is_finger_root(j));
    }
}

TEST(Anatomy, ExcessAndClamping) {
    EXPECT_DOUBLE_EQ(limit_excess(1.5, {-1, 1}), 0.5);
    EXPECT_DOUBLE_EQ(limit_excess(-1.5, {-1, 1}), -0.5);
    EXPECT_EQ(limit_excess(0.5, {-1, 1}), 0);
    const FingerAngles angles = random_angles(9);
    EXPECT_GT(max_limit_excess(angles), 0.5);
    EXPECT_EQ(max_limit_excess(clamp_to_limits(angles)), 0);
    expect_equal(clamp_to_limits(clamp_to_limits(angles)), clamp_to_limits(angles), 0);
}

TEST(Anatomy, ForearmAngles) {
    // Right hand: the elbow lies at +x; flexion brings it to the palm (-y), deviation to -z.
    const Vec3 elbow(1, 0, 0);
    const auto moved = [&](Side side, double flexion, double deviation) {
        return Vec3(rotation_from_axis_angle(forearm_axis_angle(side, flexion, deviation)) *
                    (side == Side::Right ? elbow : Vec3(-elbow)));
    };
    EXPECT_NEAR(moved(Side::Right, 0.5, 0).y(), -std::sin(0.5), 1e-14);
    EXPECT_NEAR(moved(Side::Right, 0, 0.3).z(), -std::sin(0.3), 1e-14);
    EXPECT_NEAR(moved(Side::Left, 0.5, 0).y(), -std::sin(0.5), 1e-14);
    EXPECT_NEAR(moved(Side::Left, 0, 0.3).z(), -std::sin(0.3), 1e-14);
    for (const Side side : kSides) {
        const ForearmAngles angles = forearm_angles(side, forearm_axis_angle(side, 0.8, -0.4));
        EXPECT_NEAR(angles.flexion, 0.8, 1e-14);
        EXPECT_NEAR(angles.deviation, -0.4, 1e-14);
        EXPECT_NEAR(angles.twist, 0, 1e-14);
    }
}

} // namespace
} // namespace rih
