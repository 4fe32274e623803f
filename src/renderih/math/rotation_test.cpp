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
}

TEST(Rotation, AgreesWithEigen) {
    const Vec3 v(0.3, -1.1, 0.7);
    const Mat3 expected = Eigen::AngleAxisd(v.norm(), v.normalized()).toRotationMatrix();
    EXPECT_LT((rotation_from_axis_angle(v) - expected).norm(), 1e-14);
}

TEST(Rotation, DerivativeMatchesFiniteDifferences) {
    Rng rng(1, 1, "rotation");
    for (const double scale : {0.0, 1e-7, 1e-4, 0.5, 1.5}) {
        for (int i = 0; i < 20; ++i) {
            const Vec3 v = random_axis_angle(rng, scale);
            const auto derivative = rotation_derivatives(v);
            for (int k = 0; k < 3; ++k) {
                const double h = 1e-6;
                const Mat3 numeric = (rotation_from_axis_angle(v + h * Vec3::Unit(k)) -
                                      rotation_from_axis_angle(v - h * Vec3::Unit(k))) /
                                     (2 * h);
                EXPECT_LT((numeric - derivative[k]).norm(), 1e-8) << "component " << k;
            }
        }
    }
}

TEST(Rotation, NearestRotationIsARotation) {
    const Mat3 reflected = Vec3(1, 1, -1).asDiagonal();
    EXPECT_NEAR(nearest_rotation(reflected).determinant(), 1.0, 1e-12);
    const Mat3 r = rotation_from_axis_angle(Vec3(0.2, 0.4, -0.3));
    EXPECT_LT((nearest_rotation(1.7 * r) - r).norm(), 1e-12);
}

} // namespace
} // namespace rih
