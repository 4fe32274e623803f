// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/parameters.h"

#include "renderih/math/gradient_check.h"
#include "renderih/posing/optimise.h"
#include "renderih/posing/testing_pair.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing_pair::place;
using testing_pair::TestPair;

TEST(Parameters, VectorAndBackIsTheSame) {
    TestPair pair;
    Rng rng(1, 0, "parameters");
    place(pair, 0.03, 0.2, rng);
    const VecX variables = to_variables(pair.parameters, 0.02);
    ASSERT_EQ(variables.size(), 96);
    ASSERT_EQ(variable_names().size(), 96u);
    EXPECT_EQ(variable_names()[2], "right index1 bend");
    EXPECT_EQ(variable_names()[95], "left translation z");
    EXPECT_EQ(variables[2], pair.parameters.angles[0][0].bend);
    EXPECT_NEAR(variables[93] * 0.02, pair.parameters.translation[1].x(), 1e-15);
    EXPECT_EQ(to_variables(from_variables(variables, 0.02), 0.02), variables);
}

TEST(Parameters, StoredPoseGivesTheSameHands) {
    TestPair pair;
    Rng rng(2, 0, "stored pose");
    place(pair, 0.03, 0, rng);
    pair.rig.forearm_flexion = {0.3, -0.2};
    pair.rig.forearm_deviation = {0.1, -0.1};
    const PairState state = pose_pair(pair.rig, pair.parameters);
    const PairPose pose = to_pair_pose(pair.rig, pair.parameters);
    for (int h = 0; h < 2; ++h) {
        const HandState again = pose_hand(pair.hands.hands[h], pose[h]);
        EXPECT_LT((again.vertices - state.hands[h].vertices).cwiseAbs().maxCoeff(), 1e-12);
    }
}

TEST(Parameters, ClampedAnglesStayInsideTable2AfterStorage) {
    TestPair pair;
    Rng rng(3, 0, "clamped");
    for (int trial = 0; trial < 50; ++trial) {
        place(pair, 0.03, 1.0, rng);
        for (FingerAngles& angles : pair.parameters.angles) {
            angles = clamp_inside_limits(angles);
        }
        const PairPose pose = to_pair_pose(pair.rig, pair.parameters);
        for (int h = 0; h < 2; ++h) {
            EXPECT_LT(max_limit_excess(finger_angles(pair.rig.frames[h], pose[h])), 1e-9);
        }
    }
}

TEST(ParameterGradient, ChainsThroughSkinningToEveryParameter) {
    // E = sum_v c_v . x_v + sum direct . angles with random constants: the whole chain rule.
    TestPair pair;
    Rng rng(4, 0, "chain rule");
    place(pair, 0.03, 0.3, rng);
    PairGradient constants;
    constants.reset(pair.rig);
    for (int h = 0; h < 2; ++h) {
        for (Eigen::Index i = 0; i < constants.d_vertices[h].size(); ++i) {
            constants.d_vertices[h].data()[i] = rng.normal();
        }
        for (JointAngles& joint : constants.d_angles[h]) {
            joint = {rng.normal(), rng.normal(), rng.normal()};
        }
    }
    const double unit = 0.05;
    const auto value = [&](const VecX& variables) {
        const PairState state = pose_pair(pair.rig, from_variables(variables, unit));
        double energy = 0;
        for (int h = 0; h < 2; ++h) {
            energy += constants.d_vertices[h].cwiseProduct(state.hands[h].vertices).sum();
            for (int i = 0; i < kFingerJointCount; ++i) {
                const JointAngles& c = constants.d_angles[h][i];
                const JointAngles& a = state.parameters.angles[h][i];
                energy += c.twist * a.twist + c.splay * a.splay + c.bend * a.bend;
            }
        }
        return energy;
    };
    const PairState state = pose_pair(pair.rig, pair.parameters);
    EXPECT_EQ(
        check_gradient(variable_names(),
                       to_variables(pair.parameters, unit),
                       value,
                       gradient_to_variables(parameter_gradient(pair.rig, state, constants), unit),
                       {.step = 1e-3, .tolerance = 1e-6, .floor = 1e-8}),
        "");
}

} // namespace
} // namespace rih
