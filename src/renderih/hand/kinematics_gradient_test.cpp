// SPDX-License-Identifier: Apache-2.0
// Every derivative of hand/ against finite differences (math/gradient_check.h).
#include "renderih/base/rng.h"
#include "renderih/hand/anatomy.h"
#include "renderih/hand/kinematics.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/math/gradient_check.h"
#include "renderih/math/rotation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rih {
namespace {

constexpr int kRotationEntries = 9 * kJointCountWithForearm;

/// All parameters in one vector: rotations entry by entry, translation, shape.
struct Unpacked {
    JointRotations rotations;
    Vec3 translation;
    VecX shape;
};
Unpacked unpack(const VecX& x) {
    Unpacked p;
    for (int i = 0; i < kRotationEntries; ++i) {
        p.rotations[i / 9](i % 9 / 3, i % 3) = x[i];
    }
    p.translation = x.segment<3>(kRotationEntries);
    p.shape = x.tail(x.size() - kRotationEntries - 3);
    return p;
}

class PoseGradient : public testing::TestWithParam<Side> {};

TEST_P(PoseGradient, AgreesWithFiniteDifferences) {
    const HandModel model = make_test_hand(GetParam());
    Rng rng(11, 0, "pose_gradient");
    const int parameters = kRotationEntries + 3 + model.shape_count();
    std::vector<std::string> names;
    VecX point(parameters);
    for (int j = 0; j < kJointCountWithForearm; ++j) {
        const Mat3 r =
            rotation_from_axis_angle(0.7 * Vec3(rng.normal(), rng.normal(), rng.normal()));
        for (int e = 0; e < 9; ++e) {
            names.push_back(fmt::format("{}.R[{}][{}]", kJointNames[j], e / 3, e % 3));
            point[9 * j + e] = r(e / 3, e % 3);
        }
    }
    for (int a = 0; a < 3; ++a) {
        names.push_back(fmt::format("translation[{}]", a));
        point[kRotationEntries + a] = rng.normal();
    }
    for (int s = 0; s < model.shape_count(); ++s) {
        names.push_back(fmt::format("shape[{}]", s));
        point[kRotationEntries + 3 + s] = rng.normal();
    }

    // An energy with a gradient of its own: sum of a cubic of every vertex and joint.
    Points vertex_pull(model.vertex_count(), 3), joint_pull(kJointCountWithForearm, 3);
    for (double& x : vertex_pull.reshaped()) {
        x = rng.normal();
    }
    for (double& x : joint_pull.reshaped()) {
        x = rng.normal();
    }
    const auto energy = [&](const VecX& x) {
        const Unpacked p = unpack(x);
        const HandState s = pose_hand(shape_hand(model, p.shape), p.rotations, p.translation);
        return (vertex_pull.array() * s.vertices.array() * (1 + s.vertices.array().square()))
                   .sum() +
               (joint_pull.array() * s.joints.array() * (1 + s.joints.array().square())).sum();
    };
    const Unpacked p = unpack(point);
    const ShapedHand shaped = shape_hand(model, p.shape);
    const HandState state = pose_hand(shaped, p.rotations, p.translation);
    const auto pull_gradient = [](const Points& pull, const Points& x) {
        return Points((pull.array() * (1 + 3 * x.array().square())).matrix());
    };
    const HandGradient g = pose_gradient(shaped,
                                         p.rotations,
                                         state,
                                         pull_gradient(vertex_pull, state.vertices),
                                         pull_gradient(joint_pull, state.joints),
                                         true);
    VecX gradient(parameters);
    for (int i = 0; i < kRotationEntries; ++i) {
        gradient[i] = g.rotation[i / 9](i % 9 / 3, i % 3);
    }
    gradient.segment<3>(kRotationEntries) = g.translation;
    gradient.tail(model.shape_count()) = g.shape;
    EXPECT_EQ(check_gradient(names, point, energy, gradient, {.step = 1e-3, .floor = 1e-7}), "");

    // The harness sees a mistake and names it.
    gradient[9 * 5 + 4] *= 1.001;
    EXPECT_THAT(check_gradient(names, point, energy, gradient, {.step = 1e-3, .floor = 1e-7}),
                testing::StartsWith("middle2.R[1][1]: "));
}

INSTANTIATE_TEST_SUITE_P(Sides, PoseGradient, testing::ValuesIn(kSides));

TEST(RotationFromAngles, DerivativeAgreesWithFiniteDifferences) {
    Rng rng(12, 0, "angles");
    for (int trial = 0; trial < 20; ++trial) {
        const Mat3 frame =
            rotation_from_axis_angle(2.0 * Vec3(rng.normal(), rng.normal(), rng.normal()));
        const VecX point = Vec3(rng.normal(), rng.normal(), rng.normal());
        Mat3 pull;
        for (double& x : pull.reshaped()) {
            x = rng.normal();
        }
        const auto energy = [&](const VecX& x) {
            return (pull.array() * rotation_from_angles(frame, {x[0], x[1], x[2]}).array()).sum();
        };
        const auto derivatives = rotation_angle_derivatives(frame, {point[0], point[1], point[2]});
        VecX gradient(3);
        for (int k = 0; k < 3; ++k) {
            gradient[k] = (pull.array() * derivatives[k].array()).sum();
        }
        EXPECT_EQ(check_gradient({"twist", "splay", "bend"},
                                 point,
                                 energy,
                                 gradient,
                                 {.step = 1e-3, .tolerance = 1e-8}),
                  "");
    }
}

} // namespace
} // namespace rih
