// SPDX-License-Identifier: Apache-2.0
// Every energy's gradient by all 96 parameters, through skinning and kinematics, against central
// differences on random overlapping poses of the synthetic hands. Depths and nearest features have
// kinks; steps of a micrometre keep the fixed poses here away from them.
#include "renderih/math/gradient_check.h"
#include "renderih/posing/terms/adversarial_term.h"
#include "renderih/posing/terms/anatomy_term.h"
#include "renderih/posing/testing_pair.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing_pair::place;
using testing_pair::TestPair;

constexpr double kUnit = 0.05;   // m a variable
constexpr double kWeight = 3.25; // must scale gradients and leave values alone

/// Checks d(kWeight E) over all variables at the pair's parameters. `prepare` runs before each
/// evaluation.
std::string check_term(const TestPair& pair,
                       Term& term,
                       PairSurfaces* surfaces,
                       const GradientCheckOptions& options) {
    const auto value = [&](const VecX& variables, PairGradient& gradient) {
        const PairState state = pose_pair(pair.rig, from_variables(variables, kUnit));
        gradient.reset(pair.rig);
        if (surfaces != nullptr) {
            surfaces->pose(state);
        }
        return term.evaluate(state, kWeight, gradient);
    };
    const VecX point = to_variables(pair.parameters, kUnit);
    PairGradient gradient;
    value(point, gradient);
    const PairState state = pose_pair(pair.rig, pair.parameters);
    const VecX analytic =
        gradient_to_variables(parameter_gradient(pair.rig, state, gradient), kUnit);
    return check_gradient(
        variable_names(),
        point,
        [&](const VecX& variables) {
            PairGradient unused;
            return kWeight * value(variables, unused);
        },
        analytic,
        options);
}

TEST(TermGradients, Penetration) {
    TestPair pair;
    Rng rng(1, 0, "penetration gradient");
    for (int trial = 0; trial < 3; ++trial) {
        place(pair, 0.008 + 0.004 * trial, 0.1, rng);
        const PairState state = pose_pair(pair.rig, pair.parameters);
        PairSurfaces surfaces(pair.context.parts, state);
        PenetrationTerm term(surfaces);
        PairGradient gradient;
        gradient.reset(pair.rig);
        ASSERT_GT(term.evaluate(state, 1, gradient), 0.001) << "the hands must overlap";
        EXPECT_EQ(
            check_term(pair, term, &surfaces, {.step = 1e-6, .tolerance = 1e-4, .floor = 1e-6}), "")
            << "trial " << trial;
    }
}

TEST(TermGradients, SelfPenetration) {
    TestPair pair;
    Rng rng(2, 0, "self penetration gradient");
    place(pair, 0.2, 0, rng);
    // A fist: fingertips run into the palm.
    for (FingerAngles& angles : pair.parameters.angles) {
        for (int i = 0; i < kFingerJointCount; ++i) {
            angles[i].bend = (is_finger_root(i + 1) ? 1.3 : 1.5) + 0.1 * rng.uniform(-1, 1);
        }
    }
    const PairState state = pose_pair(pair.rig, pair.parameters);
    PairSurfaces surfaces(pair.context.parts, state);
    SelfPenetrationTerm term(surfaces, pair.context.neighbours);
    PairGradient gradient;
    gradient.reset(pair.rig);
    ASSERT_GT(term.evaluate(state, 1, gradient), 0.001) << "the fingers must enter the palm";
    EXPECT_EQ(check_term(pair, term, &surfaces, {.step = 1e-6, .tolerance = 1e-4, .floor = 1e-6}),
              "");
}

TEST(TermGradients, Attraction) {
    TestPair pair;
    Rng rng(3, 0, "attraction gradient");
    place(pair, 0.03, 0.1, rng);
    AttractionTerm term(pair.context.anchors, {.radius = 0.03});
    term.rebuild(pose_pair(pair.rig, pair.parameters));
    ASSERT_GT(term.pairs().size(), 3u);
    // The pairs stay as they were built while the hands move on.
    pair.parameters.translation[1] += Vec3(0.002, 0.003, -0.001);
    EXPECT_EQ(check_term(pair, term, nullptr, {.step = 1e-4, .tolerance = 1e-6, .floor = 1e-12}),
              "");
}

TEST(TermGradients, Anatomy) {
    TestPair pair;
    Rng rng(4, 0, "anatomy gradient");
    place(pair, 0.03, 0.5, rng);
    AnatomyTerm term;
    EXPECT_EQ(check_term(pair, term, nullptr, {.step = 1e-5, .tolerance = 1e-5, .floor = 1e-8}),
              "");
}

TEST(TermGradients, Adversarial) {
    // A small random network: rectifiers have kinks, but not within the steps of this seed.
    Rng rng(5, 0, "adversarial gradient");
    Discriminator::Layers layers;
    constexpr int kWidth = 12;
    const auto matrix = [&](int rows, int columns) {
        MatX m(rows, columns);
        for (int i = 0; i < m.size(); ++i) {
            m.data()[i] = 0.4 * rng.normal();
        }
        return m;
    };
    for (int l = 0; l < Discriminator::kLayerCount; ++l) {
        const int rows = l + 1 == Discriminator::kLayerCount ? 1 : kWidth;
        layers.weights[l] = matrix(rows, l == 0 ? Discriminator::kInputCount : kWidth);
        layers.biases[l] = matrix(rows, 1);
    }
    const Discriminator discriminator(layers);
    TestPair pair;
    place(pair, 0.03, 0.1, rng);
    AdversarialTerm term(discriminator);
    EXPECT_EQ(check_term(pair, term, nullptr, {.step = 1e-6, .tolerance = 1e-5, .floor = 1e-9}),
              "");
}

TEST(TermGradients, WholeEnergyIsTheWeightedSum) {
    TestPair pair;
    Rng rng(6, 0, "energy gradient");
    place(pair, 0.012, 0.2, rng);
    PosingOptions options;
    options.schedule_end = 100;
    const PairState state = pose_pair(pair.rig, pair.parameters);
    PairEnergy energy(pair.context, options, state);
    energy.rebuild(state);
    PairGradient gradient;
    const double value = energy.evaluate(pair.rig, state, 50, gradient);
    const EnergyWeights& w = options.weights;
    double expected = 0;
    for (const auto& [name, term] : energy.values()) {
        const double weight = name == "attraction" ? 0.5 * (w.attraction_start + w.attraction_end)
                              : name == "penetration"
                                  ? 0.5 * (w.penetration_start + w.penetration_end)
                              : name == "anatomy" ? w.anatomy
                                                  : w.self_penetration;
        expected += weight * term;
    }
    EXPECT_NEAR(value, expected, 1e-9 * std::abs(expected));
    EXPECT_EQ(energy.values().size(), 4u); // no discriminator, no adversarial term
}

} // namespace
} // namespace rih
