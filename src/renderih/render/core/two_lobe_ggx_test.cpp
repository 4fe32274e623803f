// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/core/two_lobe_ggx.h"

#include "renderih/render/testing/test_lobes.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing::direction_at_deg;
using testing::TestLayer;

TestLayer two_lobes(double share, double factor) {
    Material material;
    material.roughness = 0.5;
    material.second_lobe = {.share = share, .roughness_factor = factor};
    return TestLayer(material);
}

TEST(TwoLobeGgx, OfOneRoughnessAreOneLobe) {
    const TestLayer one = two_lobes(0, 1), two = two_lobes(0.4, 1);
    for (const double angle : {0.0, 30.0, 70.0, 88.0}) {
        const Vec3f wo = direction_at_deg(angle);
        const Vec2f u = {0.3f, 0.7f};
        const Vec3f wi = one.layer.sample(wo, u, 0.2f);
        EXPECT_EQ(two.layer.sample(wo, u, 0.2f), wi);
        EXPECT_EQ(two.layer.sample(wo, u, 0.9f), wi);
        EXPECT_EQ(two.layer.eval(wo, wi), one.layer.eval(wo, wi));
        EXPECT_EQ(two.layer.pdf(wo, wi), one.layer.pdf(wo, wi));
        EXPECT_EQ(two.layer.albedo(wo.z), one.layer.albedo(wo.z));
    }
    const Vec3f up = {0, 0, 1};
    EXPECT_NE(two_lobes(0.4, 0.7).layer.eval(up, up), one.layer.eval(up, up));
}

TEST(TwoLobeGgx, IsTheWeightedSumOfItsLobes) {
    const TestLayer test = two_lobes(0.25, 0.6);
    const TwoLobeGgx& lobes = test.layer.lobes;
    EXPECT_FLOAT_EQ(lobes.second.row.width, 0.3f * 0.3f);
    const Vec3f wo = direction_at_deg(40), wi = direction_at_deg(35, 170);
    EXPECT_FLOAT_EQ(lobes.eval(wo, wi),
                    0.75f * lobes.first.eval(wo, wi) + 0.25f * lobes.second.eval(wo, wi));
    EXPECT_FLOAT_EQ(lobes.albedo(0.3f),
                    0.75f * lobes.first.albedo(0.3f) + 0.25f * lobes.second.albedo(0.3f));
}

TEST(TwoLobeGgx, SamplesFollowTheMixture) {
    const TestLayer test = two_lobes(0.3, 0.6);
    const TwoLobeGgx& lobes = test.layer.lobes;
    for (const double angle : {0.0, 45.0, 80.0, 89.0}) {
        const Vec3f wo = direction_at_deg(angle);
        const auto compare = [&](const TwoLobeGgx& claimed) {
            return testing::chi_square_lobe(
                wo,
                0.15,
                [&](Vec2f u, float pick) { return lobes.sample(wo, u, pick); },
                [&](Vec3f wi) { return claimed.pdf(wo, wi); });
        };
        const testing::ChiSquare result = compare(lobes);
        EXPECT_LT(result.deviation, 4) << angle;
        EXPECT_NEAR(result.total_density, 1, 5e-3) << angle;
        TwoLobeGgx other = lobes; // a share that is a little off is seen
        other.share = 0.35f;
        EXPECT_GT(compare(other).deviation, 4) << angle;
    }
}

} // namespace
} // namespace rih
