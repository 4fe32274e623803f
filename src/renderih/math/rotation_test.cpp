// SPDX-License-Identifier: Apache-2.0
#include "renderih/math/rotation.h"

#include "renderih/base/rng.h"

#include <gtest/gtest.h>

#include <Eigen/Geometry>

namespace rih {
namespace {

Vec3 random_axis_angle(Rng& rng, double scale) {
    return scale * Vec3(rng.normal(), rng.normal(), rng.normal());
}

TEST(Rotation, RoundTripAtEveryScale) {
    Rng rng(1, 0, "rotation");
    for (const double scale : {0.0, 1e-9, 1e-6, 1e-3, 0.1, 1.0}) {
        for (int i = 0; i < 50; ++i) {
            const Vec3 v = random_axis_angle(rng, scale);
            const Mat3 r = rotation_from_axis_angle(v);
            EXPECT_LT((r * r.transpose() - Mat3::Identity()).norm(), 1e-12);
            EXPECT_GT(r.determinant(), 0);
            EXPECT_LT((rotation_from_axis_angle(axis_angle_from_rotation(r)) - r).norm(), 1e-10);
        }
    }
    const Vec3 half_turn = kPi * Vec3(1, 2, -2) / 3;
    const Vec3 back = axis_angle_from_rotation(rotation_from_axis_angle(half_turn));
    EXPECT_NEAR(back.norm(), kPi, 1e-7);
    // Both directions of the axis are the same half turn.
    EXPECT_LT(std::min((back - half_turn).norm(), (back + half_turn).norm()), 1e-6);
}

TEST(Rotation, KeepsTheAxisNextToAHalfTurn) {
    for (const Vec3& axis :
         {Vec3(1, 0, 0), Vec3(0, -1, 0), Vec3(0, 0, 1), Vec3(Vec3(-2, 1, 2) / 3)}) {
        const Vec3 v = (kPi - 1e-4) * axis;
        EXPECT_LT((axis_angle_from_rotation(rotation_from_axis_angle(v)) - v).norm(), 1e-9);
    }
}

TEST(Rotation, AgreesWithEigen) {
    const Vec3 v(0.3, -1.1, 0.7);
    const Mat3 expected = Eigen::AngleAxisd(v.norm(), v.normalized()).toRotationMatrix();
    EXPECT_LT((rotation_from_axis_angle(v) - expected).norm(), 1e-14);
}

} // namespace
} // namespace rih
