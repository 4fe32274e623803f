// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/metrics/pair_scores.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/math/rotation.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rih::learn {
namespace {

/// Two hands of 40 vertices that touch nowhere; joints are the first 21 vertices.
ScoredPair some_pair(std::uint64_t id = 0) {
    Rng rng(1, id, "scored pair");
    ScoredPair pair;
    for (std::size_t side = 0; side < 2; ++side) {
        pair[side].present = true;
        pair[side].vertices = Points::NullaryExpr(40, 3, [&] { return 0.05 * rng.normal(); });
        pair[side].vertices.col(0).array() += side == 0 ? 0.2 : -0.2;
        pair[side].vertices.col(2).array() += 0.6;
        pair[side].joints = pair[side].vertices.topRows(21);
    }
    return pair;
}

void move(ScoredHand& hand, const Vec3& by) {
    hand.vertices.rowwise() += by.transpose();
    hand.joints.rowwise() += by.transpose();
}

constexpr std::array<JointMask, 2> all_valid() {
    std::array<JointMask, 2> valid{};
    for (JointMask& mask : valid) {
        mask.fill(true);
    }
    return valid;
}

PairScores
score(const ScoredPair& prediction, const ScoredPair& target, const ScoreOptions& o = {}) {
    return score_pair(prediction, target, all_valid(), true, o);
}

TEST(PairScores, OfTheTruthAreZero) {
    const ScoredPair target = some_pair();
    for (const bool scaled : {false, true}) {
        const PairScores scores = score(target, target, {.bone_scaled = scaled});
        for (const HandScores& hand : scores.hands) {
            EXPECT_LT(hand.mpjpe + hand.pa_mpjpe + hand.smpjpe + hand.mpvpe + hand.pa_mpvpe, 1e-12);
        }
        EXPECT_LT(scores.mrrpe + scores.rrve, 1e-12);
        EXPECT_TRUE(std::isnan(scores.cdev)); // nothing touches
    }
}

// Both hands moved together cost nothing; the left alone costs what it was moved, in MRRPE whole
// and in RRVE half, and nothing in what is aligned hand by hand.
TEST(PairScores, TellPlacesFromShapes) {
    const ScoredPair target = some_pair();
    ScoredPair moved = target;
    move(moved[0], {0.1, 0.2, 0.3});
    move(moved[1], {0.1, 0.2, 0.3});
    PairScores scores = score(moved, target);
    EXPECT_NEAR(scores.hands[0].mpjpe, 0, 1e-12);
    EXPECT_NEAR(scores.mrrpe, 0, 1e-12);
    EXPECT_NEAR(scores.rrve, 0, 1e-12);
    move(moved[1], {0, 0.03, 0.04});
    scores = score(moved, target);
    EXPECT_NEAR(scores.hands[1].mpjpe, 0, 1e-12);
    EXPECT_NEAR(scores.mrrpe, 0.05, 1e-12);
    EXPECT_NEAR(scores.rrve, 0.025, 1e-12);
}

// A single joint 21 mm off is 1 mm of MPJPE; the root's own error moves all the others.
TEST(PairScores, AverageOver21JointsAroundTheRoot) {
    const ScoredPair target = some_pair();
    ScoredPair prediction = target;
    prediction[0].joints(4, 1) += 0.021;
    EXPECT_NEAR(score(prediction, target).hands[0].mpjpe, 0.001, 1e-12);
    prediction = target;
    prediction[0].joints(9, 1) += 0.021;
    EXPECT_NEAR(score(prediction, target).hands[0].mpjpe, 0.020, 1e-12);
    EXPECT_NEAR(score(prediction, target, {.root = RootJoint::Wrist}).hands[0].mpjpe, 0.001, 1e-12);
    EXPECT_NEAR(score(prediction, target).mrrpe, 0.021, 1e-12);
    EXPECT_NEAR(score(prediction, target, {.root = RootJoint::Wrist}).mrrpe, 0, 1e-12);
}

// A hand of half the size: SMPJPE sees nothing, MPJPE sees it, MPVPE as the protocol says. Turned
// as well, only the aligned measures see nothing.
TEST(PairScores, ScaleAsAsked) {
    const ScoredPair target = some_pair();
    ScoredPair half = target;
    half[0].vertices *= 0.5;
    half[0].joints *= 0.5;
    const HandScores plain = score(half, target).hands[0];
    const double expected =
        0.5 * (target[0].joints.rowwise() - target[0].joints.row(9)).rowwise().norm().mean();
    EXPECT_NEAR(plain.mpjpe, expected, 1e-12);
    EXPECT_NEAR(plain.smpjpe, 0, 1e-12);
    EXPECT_GT(plain.mpvpe, 0.01);
    EXPECT_NEAR(plain.pa_mpjpe, 0, 1e-9);
    const HandScores scaled = score(half, target, {.bone_scaled = true}).hands[0];
    EXPECT_NEAR(scaled.mpjpe, 0, 1e-12);
    EXPECT_NEAR(scaled.mpvpe, 0, 1e-12);
    const Mat3 turn = rotation_from_axis_angle({0.3, 0.2, -0.5});
    half[0].vertices *= turn.transpose();
    half[0].joints *= turn.transpose();
    const HandScores turned = score(half, target).hands[0];
    EXPECT_GT(turned.smpjpe, 0.005);
    EXPECT_NEAR(turned.pa_mpjpe, 0, 1e-9);
    EXPECT_NEAR(turned.pa_mpvpe, 0, 1e-9);
}

TEST(PairScores, OfContactAreOverTheTargetsContacts) {
    ScoredPair target = some_pair();
    target[1].vertices.row(30) = target[0].vertices.row(35) + Eigen::RowVector3d(0, 0.002, 0);
    ScoredPair prediction = target;
    EXPECT_NEAR(score(prediction, target).cdev, 0.002, 1e-12);
    move(prediction[1], {0, 0.008, 0});
    EXPECT_NEAR(score(prediction, target).cdev, 0.010, 1e-12);
    // Contacts of the prediction alone are none.
    EXPECT_TRUE(std::isnan(score(target, some_pair()).cdev));
}

TEST(PairScores, LeaveOutWhatIsNotKnown) {
    const ScoredPair target = some_pair();
    ScoredPair prediction = target;
    prediction[0].joints(4, 1) += 0.020;
    auto valid = all_valid();
    valid[0][4] = false;
    PairScores scores = score_pair(prediction, target, valid, true, {});
    EXPECT_NEAR(scores.hands[0].mpjpe, 0, 1e-12);
    EXPECT_EQ(scores.hands[0].joint_errors.size(), 20U);
    valid[0][9] = false; // the root
    scores = score_pair(prediction, target, valid, true, {});
    EXPECT_TRUE(std::isnan(scores.hands[0].mpjpe));
    EXPECT_TRUE(std::isnan(scores.mrrpe));
    EXPECT_FALSE(std::isnan(scores.hands[1].mpjpe));

    // Without the other bone end there is no scale, but still an error that is not scaled.
    valid = all_valid();
    valid[0][0] = false;
    scores = score_pair(prediction, target, valid, true, {});
    EXPECT_TRUE(std::isnan(scores.hands[0].smpjpe));
    EXPECT_NEAR(scores.hands[0].mpjpe, 0.001, 1e-12);

    scores = score_pair(target, target, all_valid(), false, {});
    EXPECT_TRUE(std::isnan(scores.mrrpe));
    EXPECT_TRUE(std::isnan(scores.rrve));

    ScoredPair joints_only = target;
    joints_only[0].vertices.resize(0, 3);
    scores = score(joints_only, target);
    EXPECT_TRUE(std::isnan(scores.hands[0].mpvpe));
    EXPECT_TRUE(std::isnan(scores.rrve));
    EXPECT_NEAR(scores.mrrpe, 0, 1e-12);
}

// A hand that was not predicted is missed, not perfect; one that is not labelled is neither.
TEST(PairScores, CountMissedHands) {
    const ScoredPair target = some_pair();
    ScoredPair one = target;
    one[0] = {};
    const PairScores scores = score(one, target);
    EXPECT_TRUE(scores.hands[0].missed);
    EXPECT_TRUE(std::isnan(scores.hands[0].mpjpe));
    EXPECT_FALSE(scores.hands[1].missed);
    EXPECT_TRUE(std::isnan(scores.mrrpe));
    EXPECT_FALSE(score(target, one).hands[0].missed);
    EXPECT_TRUE(std::isnan(score(target, one).hands[0].mpjpe));
}

TEST(PairScores, RefuseWhatIsNotFinite) {
    const ScoredPair target = some_pair();
    ScoredPair prediction = target;
    prediction[1].joints(3, 2) = std::nan("");
    EXPECT_THROW(score(prediction, target), UserError);
    prediction = target;
    prediction[0].vertices(3, 2) = std::numeric_limits<double>::infinity();
    EXPECT_THROW(score(prediction, target), UserError);
}

} // namespace
} // namespace rih::learn
