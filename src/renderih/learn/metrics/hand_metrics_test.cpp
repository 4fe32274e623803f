// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/metrics/hand_metrics.h"

#include "renderih/base/rng.h"
#include "renderih/math/rotation.h"

#include <gmock/gmock.h>

#include <cmath>

namespace rih::learn {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Points random_points(int count, std::uint64_t id) {
    Rng rng(1, id, "metric points");
    return Points::NullaryExpr(count, 3, [&] { return rng.normal(); });
}

TEST(PointErrors, AreEuclidean) {
    Points a(2, 3), b(2, 3);
    a << 0, 0, 0, 1, 1, 1;
    b << 3, 4, 0, 1, 1, 3;
    EXPECT_EQ(point_errors(a, b), VecX((VecX(2) << 5, 2).finished()));
}

// A similarity is undone exactly; noise is not.
TEST(Procrustes, UndoesSimilarities) {
    for (std::uint64_t i = 0; i < 50; ++i) {
        const Points target = random_points(21, i);
        Rng rng(2, i, "similarity");
        const Mat3 rotation =
            rotation_from_axis_angle(Vec3(rng.normal(), rng.normal(), rng.normal()) * 2);
        const Points source = (rng.uniform(0.2, 5) * target * rotation.transpose()).rowwise() +
                              Vec3(rng.normal(), rng.normal(), rng.normal()).transpose();
        EXPECT_LT(point_errors(procrustes_aligned(source, target), target).maxCoeff(), 1e-9);
    }
}

// A mirror image is no similarity of ours: the rotation's determinant stays +1.
TEST(Procrustes, DoesNotMirror) {
    const Points target = random_points(21, 3);
    Points mirrored = target;
    mirrored.col(0) *= -1;
    EXPECT_GT(point_errors(procrustes_aligned(mirrored, target), target).mean(), 0.1);
}

// Least squares: no small change of the alignment does better.
TEST(Procrustes, IsTheBest) {
    const Points source = random_points(21, 4), target = random_points(21, 5);
    const Points aligned = procrustes_aligned(source, target);
    const double best = (aligned - target).squaredNorm();
    for (std::uint64_t i = 0; i < 100; ++i) {
        Rng rng(3, i, "change");
        const auto small = [&] { return 1e-2 * rng.normal(); };
        const Mat3 turn = rotation_from_axis_angle({small(), small(), small()});
        const Points other = ((1 + small()) * aligned * turn.transpose()).rowwise() +
                             Vec3(small(), small(), small()).transpose();
        EXPECT_GE((other - target).squaredNorm(), best - 1e-12);
    }
}

TEST(Procrustes, OfOnePointOnlyMoves) {
    const Points target = random_points(21, 6);
    const Points source = Points::Constant(21, 3, 2.0);
    const Points aligned = procrustes_aligned(source, target);
    EXPECT_TRUE(aligned.allFinite());
    EXPECT_LT((aligned.rowwise() - target.colwise().mean()).norm(), 1e-9);
}

// The bone from wrist (0) to middle MCP (9), not from wrist to thumb (1).
TEST(BoneScale, IsOfTheMiddleBone) {
    Points prediction = random_points(21, 7), target = prediction;
    prediction.row(9) = prediction.row(0) + Eigen::RowVector3d(0, 0.05, 0);
    target.row(9) = target.row(0) + Eigen::RowVector3d(0, 0, 0.1);
    EXPECT_NEAR(bone_scale(prediction, target), 2, 1e-12);
    prediction.row(1) *= 100;
    EXPECT_NEAR(bone_scale(prediction, target), 2, 1e-12);
    prediction.row(9) = prediction.row(0);
    EXPECT_EQ(bone_scale(prediction, target), 1);
}

TEST(Contacts, AreOfTheNearestVertex) {
    Points right(3, 3), left(3, 3);
    right << 0, 0, 0, 0.1, 0, 0, 0.2, 0, 0;
    left << 0, 0.002, 0, 0, 0.001, 0, 0.2, 0, 0.0031;
    const auto contacts = contacts_of(right, left, 0.003);
    EXPECT_THAT(contacts, ElementsAre(ContactPair{0, 1}));
    EXPECT_THAT(contacts_of(right, left, 0.0005), IsEmpty());
}

TEST(Contacts, AreThoseOfBruteForce) {
    Rng rng(5, 0, "contacts");
    const Points right = Points::NullaryExpr(300, 3, [&] { return rng.uniform(0, 0.05); });
    const Points left = Points::NullaryExpr(300, 3, [&] { return rng.uniform(0.03, 0.08); });
    std::vector<ContactPair> expected;
    for (int r = 0; r < 300; ++r) {
        Eigen::Index nearest = 0;
        const double distance = (left.rowwise() - right.row(r)).rowwise().norm().minCoeff(&nearest);
        if (distance < 0.004) {
            expected.push_back({r, static_cast<int>(nearest)});
        }
    }
    ASSERT_GT(expected.size(), 5U);
    EXPECT_EQ(contacts_of(right, left, 0.004), expected);
}

TEST(ContactDeviation, IsTheMeanDistanceOfTheTargetsPairs) {
    Points right(2, 3), left(2, 3);
    right << 0, 0, 0, 1, 0, 0;
    left << 0, 0.3, 0, 1, 0.1, 0;
    const std::vector<ContactPair> contacts{{0, 0}, {1, 1}};
    EXPECT_NEAR(contact_deviation(right, left, contacts), 0.2, 1e-12);
    EXPECT_TRUE(std::isnan(contact_deviation(right, left, {})));
}

} // namespace
} // namespace rih::learn
