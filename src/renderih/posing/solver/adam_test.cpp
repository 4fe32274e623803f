// SPDX-License-Identifier: Apache-2.0
// Adam against hand-computed steps, a known minimum, and the plateau rule counted out.
#include "renderih/posing/solver/adam.h"

#include "renderih/base/error.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

TEST(Adam, FirstStepIsTheLearningRateWhateverTheGradientsSize) {
    // With bias correction the first step is -rate * sign(gradient) up to epsilon.
    Adam adam({.learning_rate = 0.01}, 3);
    VecX x = VecX::Zero(3);
    adam.step(1.0, Vec3(5e3, -2e-3, 0), x);
    EXPECT_NEAR(x[0], -0.01, 1e-9);
    EXPECT_NEAR(x[1], 0.01, 1e-6);
    EXPECT_EQ(x[2], 0.0);
}

TEST(Adam, SecondStepFollowsTheMoments) {
    Adam adam({.learning_rate = 0.1, .epsilon = 0}, 1);
    VecX x = VecX::Zero(1);
    adam.step(1.0, VecX::Constant(1, 1.0), x);
    adam.step(1.0, VecX::Constant(1, 3.0), x);
    const double mean = (0.9 * 0.1 * 1 + 0.1 * 3) / (1 - 0.9 * 0.9);
    const double square = (0.999 * 0.001 * 1 + 0.001 * 9) / (1 - 0.999 * 0.999);
    EXPECT_NEAR(x[0], -0.1 - 0.1 * mean / std::sqrt(square), 1e-12);
}

TEST(Adam, FindsTheMinimumOfAnIllScaledBowl) {
    Adam adam({.learning_rate = 0.05, .plateau_patience = 20}, 2);
    VecX x = Vec2(1.0, -2.0);
    for (int i = 0; i < 2000; ++i) {
        const double energy = 100 * (x[0] - 0.3) * (x[0] - 0.3) + (x[1] + 0.7) * (x[1] + 0.7);
        adam.step(energy, Vec2(200 * (x[0] - 0.3), 2 * (x[1] + 0.7)), x);
    }
    EXPECT_NEAR(x[0], 0.3, 1e-3);
    EXPECT_NEAR(x[1], -0.7, 1e-3);
}

TEST(Adam, HalvesTheRateAfterPatienceIterationsWithoutALowerEnergy) {
    Adam adam({.learning_rate = 0.08, .learning_rate_factor = 0.5, .plateau_patience = 20}, 1);
    VecX x = VecX::Zero(1);
    const VecX gradient = VecX::Zero(1);
    adam.step(1.0, gradient, x);
    for (int i = 0; i < 20; ++i) {
        adam.step(1.0, gradient, x);
    }
    EXPECT_EQ(adam.learning_rate(), 0.08);
    adam.step(1.0, gradient, x);
    EXPECT_EQ(adam.learning_rate(), 0.04);
    // A lower energy starts the count again; a restart accepts a higher one as new best.
    for (int i = 0; i < 20; ++i) {
        adam.step(1.0, gradient, x);
    }
    adam.step(0.5, gradient, x);
    for (int i = 0; i < 20; ++i) {
        adam.step(0.5, gradient, x);
    }
    adam.restart_plateau();
    adam.step(9.0, gradient, x);
    EXPECT_EQ(adam.learning_rate(), 0.04);
}

TEST(Adam, RateNeverFallsBelowItsFloor) {
    Adam adam({.learning_rate = 2e-5, .plateau_patience = 0, .min_learning_rate = 1e-5}, 1);
    VecX x = VecX::Zero(1);
    for (int i = 0; i < 50; ++i) {
        adam.step(1.0, VecX::Zero(1), x);
    }
    EXPECT_EQ(adam.learning_rate(), 1e-5);
}

TEST(Adam, RefusesNumbersThatAreNotFinite) {
    Adam adam({}, 1);
    VecX x = VecX::Zero(1);
    EXPECT_THROW(adam.step(std::nan(""), VecX::Zero(1), x), InternalError);
    EXPECT_THROW(adam.step(0, VecX::Constant(1, std::nan("")), x), InternalError);
    EXPECT_THROW(adam.step(0, VecX::Zero(2), x), InternalError);
}

} // namespace
} // namespace rih
