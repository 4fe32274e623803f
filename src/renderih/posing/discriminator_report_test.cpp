// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/discriminator_report.h"

#include "renderih/base/error.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace rih {
namespace {

TEST(AreaUnderRoc, CountsTiesHalf) {
    EXPECT_DOUBLE_EQ(area_under_roc({2, 3}, {0, 1}), 1);
    EXPECT_DOUBLE_EQ(area_under_roc({0}, {1}), 0);
    EXPECT_DOUBLE_EQ(area_under_roc({1, 1}, {1}), 0.5);
}

/// Poses whose logits are `sharpness` times those that their labels ask for.
std::vector<ScoredPose> overconfident(double sharpness) {
    std::vector<ScoredPose> poses;
    Rng rng(1, 0, "overconfident");
    for (int i = 0; i < 20000; ++i) {
        const double p = rng.uniform(0.05, 0.95);
        poses.push_back({sharpness * std::log(p / (1 - p)), rng.uniform() < p ? 1.0 : 0.0});
    }
    return poses;
}

TEST(Calibration, FindsTheTemperatureThatMakesProbabilitiesTrue) {
    const std::vector<ScoredPose> poses = overconfident(3);
    EXPECT_GT(calibration_of(poses).error, 0.08);
    const double temperature = fit_temperature(poses);
    EXPECT_NEAR(temperature, 3, 0.15);
    EXPECT_LT(calibration_of(poses, temperature).error, 0.015);
    EXPECT_NEAR(fit_temperature(overconfident(0.5)), 0.5, 0.03);
}

TEST(Calibration, ErrorIsTheWeightedGapOfTheBins) {
    // Two poses said to be 0.75, one of them natural; six said to be 0.5, three natural.
    std::vector<ScoredPose> poses{{std::log(3.0), 1}, {std::log(3.0), 0}};
    for (int i = 0; i < 6; ++i) {
        poses.push_back({0, i < 3 ? 1.0 : 0.0});
    }
    const Calibration calibration = calibration_of(poses);
    EXPECT_EQ(calibration.bins[7].count, 2);
    EXPECT_EQ(calibration.bins[5].count, 6);
    EXPECT_NEAR(calibration.error, 2.0 / 8 * 0.25, 1e-12);
}

TEST(FamilySplit, KeepsVariantsTogether) {
    std::vector<HandShape> shapes;
    for (int i = 0; i < 40; ++i) {
        for (const char* variant : {"", "_open", "_closed"}) {
            HandShape shape;
            shape.name = fmt::format("shape{}{}", i, variant);
            shape.source = "authored";
            shapes.push_back(shape);
        }
    }
    const FamilySplit split = split_families(shapes, 0.3, 1);
    EXPECT_EQ(split.families_kept + split.families_held_out, 40);
    EXPECT_EQ(split.kept.size() + split.held_out.size(), shapes.size());
    EXPECT_GT(split.families_held_out, 4);
    EXPECT_LT(split.families_held_out, 22);
    std::set<std::string> kept;
    for (const HandShape& shape : split.kept) {
        kept.insert(family_of(shape));
    }
    for (const HandShape& shape : split.held_out) {
        EXPECT_FALSE(kept.contains(family_of(shape))) << shape.name;
    }
    EXPECT_NE(split_families(shapes, 0.3, 2).held_out.size(), 0u);
}

TEST(AngleDistance, IsTheRootMeanSquareOverMovingAngles) {
    FingerAngles a{}, b{};
    EXPECT_EQ(angle_distance(a, b), 0);
    for (int j = 0; j < kFingerJointCount; ++j) {
        b[j].bend = 0.2;
        b[j].splay = is_finger_root(j + 1) ? -0.2 : 5; // splay elsewhere is held at 0 by Table 2
    }
    EXPECT_NEAR(angle_distance(a, b), 0.2, 1e-12);
}

} // namespace
} // namespace rih
