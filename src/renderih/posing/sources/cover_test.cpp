// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/cover.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/math/rotation.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

PairSignature pair_of(double bend, double turn, const Vec3& place) {
    std::array<FingerAngles, 2> angles;
    for (FingerAngles& hand : angles) {
        for (JointAngles& joint : hand) {
            joint.bend = bend;
        }
    }
    return pair_signature(
        angles, {Mat3::Identity(), rotation_about(1, turn)}, {Vec3::Zero(), place});
}

TEST(PairCover, EachOfTheThreeMakesPairsDistinct) {
    const CoverOptions options;
    const PairSignature first = pair_of(0.2, 0.1, Vec3(0.1, 0, 0));
    // 30 of the 40 angles are bends.
    const double bend = options.mean_angle * 40 / 30;
    EXPECT_TRUE(same_pair(first, pair_of(0.2 + 0.95 * bend, 0.1, Vec3(0.1, 0, 0)), options));
    EXPECT_FALSE(same_pair(first, pair_of(0.2 + 1.05 * bend, 0.1, Vec3(0.1, 0, 0)), options));
    const double turn = options.rotation;
    EXPECT_TRUE(same_pair(first, pair_of(0.2, 0.1 + 0.95 * turn, Vec3(0.1, 0, 0)), options));
    EXPECT_FALSE(same_pair(first, pair_of(0.2, 0.1 + 1.05 * turn, Vec3(0.1, 0, 0)), options));
    const double shift = options.translation;
    EXPECT_TRUE(same_pair(first, pair_of(0.2, 0.1, Vec3(0.1, 0.95 * shift, 0)), options));
    EXPECT_FALSE(same_pair(first, pair_of(0.2, 0.1, Vec3(0.1, 1.05 * shift, 0)), options));
}

TEST(PairCover, WhereBothHandsAreInTheWorldDoesNotCount) {
    std::array<FingerAngles, 2> angles;
    angles[0][3].bend = 0.7;
    const Mat3 turn = rotation_about(0, 0.4) * rotation_about(2, -1.3);
    const std::array<Mat3, 2> hands{rotation_about(1, 0.3), rotation_about(2, 0.9)};
    const std::array<Vec3, 2> wrists{Vec3(0, 0.1, 0), Vec3(0.2, 0, 0.1)};
    const Vec3 shift(3, -2, 1);
    const PairSignature a = pair_signature(angles, hands, wrists);
    const PairSignature b = pair_signature(angles,
                                           {turn * hands[0], turn * hands[1]},
                                           {turn * wrists[0] + shift, turn * wrists[1] + shift});
    EXPECT_LT((a.left_wrist - b.left_wrist).norm(), 1e-5f);
    EXPECT_GT(std::abs(a.right_from_left.dot(b.right_from_left)), 1 - 1e-6f);
    EXPECT_EQ(a.angles, b.angles);
}

TEST(PairCover, GridKeepsWhatComparingAllWithAllKeeps) {
    const CoverOptions options{.mean_angle = 0.05, .rotation = 0.5, .translation = 0.02};
    std::vector<PairSignature> pairs;
    for (std::uint64_t i = 0; i < 1500; ++i) {
        Rng rng(7, i, "cover");
        // Thresholds apart by a fraction of a cell, on both sides of zero.
        pairs.push_back(pair_of(rng.uniform(-0.2, 0.2),
                                rng.uniform(-1.0, 1.0),
                                Vec3(rng.uniform(-0.06, 0.06), rng.uniform(-0.06, 0.06), 0)));
    }
    std::vector<std::size_t> plain;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        bool known = false;
        for (const std::size_t k : plain) {
            known = known || same_pair(pairs[i], pairs[k], options);
        }
        if (!known) {
            plain.push_back(i);
        }
    }
    EXPECT_GT(plain.size(), 100u);
    EXPECT_LT(plain.size(), 1000u);
    EXPECT_EQ(distinct_pairs(pairs, options), plain);
}

TEST(PairCover, CopiesAndNearCopiesCountOnce) {
    const PairSignature pair = pair_of(0.3, 0.2, Vec3(0.1, 0, 0));
    PairCover cover;
    EXPECT_TRUE(cover.add(pair));
    EXPECT_FALSE(cover.add(pair));
    EXPECT_FALSE(cover.add(pair_of(0.301, 0.201, Vec3(0.101, 0, 0))));
    EXPECT_TRUE(cover.add(pair_of(1.0, 0.2, Vec3(0.1, 0, 0))));
    EXPECT_EQ(cover.size(), 2u);
    // The same rotation as the other of its two quaternions.
    PairSignature negated = pair;
    negated.right_from_left.coeffs() *= -1;
    EXPECT_FALSE(cover.add(negated));
}

TEST(PairCover, RefusesThresholdsThatMakeNoSense) {
    EXPECT_THROW(PairCover({.mean_angle = 0}), UserError);
    EXPECT_THROW(PairCover({.translation = -1}), UserError);
}

} // namespace
} // namespace rih
