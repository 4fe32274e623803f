// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/core/compensated_ggx.h"

#include "renderih/render/testing/test_lobes.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing::direction_at_deg;
using testing::reflected_share;

CompensatedGgx lobe_of(double ior, double roughness) {
    // Tables are remembered, but not for ever.
    static std::vector<SpecularTables> kept;
    Material material;
    material.ior = ior;
    kept.push_back(make_specular_tables(material, false));
    return CompensatedGgx::make(
        static_cast<float>(roughness), *kept.back().gain, *kept.back().albedo);
}

constexpr double kMirror = 1e6; // an index so high that F = 1
constexpr double kAngles[] = {0, 20, 40, 55, 65, 75, 82, 86, 89};
constexpr double kRoughnesses[] = {
    0.05, 0.07, 0.1, 0.15, 0.21, 0.3, 0.37, 0.45, 0.55, 0.66, 0.78, 0.9, 1.0};

TEST(CompensatedGgx, APerfectMirrorLosesNoLight) {
    for (const double roughness : kRoughnesses) {
        const CompensatedGgx lobe = lobe_of(kMirror, roughness);
        for (const double angle : kAngles) {
            const double share =
                reflected_share(lobe, direction_at_deg(angle), double(lobe.row.width));
            EXPECT_NEAR(share, 1, 1e-3) << roughness << " " << angle;
        }
    }
    // What is made up for: a tenth to a half.
    EXPECT_LT(reflected_share(lobe_of(kMirror, 1).single, direction_at_deg(0), 1), 0.5);
    EXPECT_LT(reflected_share(lobe_of(kMirror, 0.7).single, direction_at_deg(65), 0.5), 0.9);
}

TEST(CompensatedGgx, TheTableIsTheDirectionalAlbedo) {
    for (const double ior : {1.02, 1.4, 1.5, 3.0}) {
        for (const double roughness : kRoughnesses) {
            const CompensatedGgx lobe = lobe_of(ior, roughness);
            for (const double angle : kAngles) {
                const Vec3f wo = direction_at_deg(angle);
                const double share = reflected_share(lobe, wo, double(lobe.row.width));
                EXPECT_NEAR(double(lobe.albedo(wo.z)), share, 1e-3)
                    << ior << " " << roughness << " " << angle;
            }
        }
    }
}

TEST(CompensatedGgx, IsReciprocalAndBrighterThanOneMeeting) {
    for (const double ior : {1.4, kMirror}) {
        for (const double roughness : {0.2, 0.5, 1.0}) {
            const CompensatedGgx lobe = lobe_of(ior, roughness);
            const Vec3f a = direction_at_deg(15, 30), b = direction_at_deg(75, 200);
            EXPECT_NEAR(lobe.eval(a, b) / lobe.eval(b, a), 1, 1e-5f);
            EXPECT_GT(lobe.albedo(1),
                      0.9999 * reflected_share(lobe.single, {0, 0, 1}, double(lobe.row.width)));
        }
    }
}

TEST(CompensatedGgx, WeightIsValueTimesCosineOverDensity) {
    Rng rng(4, 0, "compensated_ggx_test");
    for (int i = 0; i < 300; ++i) {
        const CompensatedGgx lobe = lobe_of(2, 0.1 + 0.9 * rng.uniform());
        const Vec3f wo = direction_at_deg(87 * rng.uniform());
        const float x = rng.uniform_float();
        const Vec3f wi = lobe.sample(wo, {x, rng.uniform_float()});
        if (wi.z > 1e-3f) {
            const float weight = lobe.weight(wo, wi);
            EXPECT_NEAR(lobe.eval(wo, wi) * wi.z / lobe.pdf(wo, wi), weight, 1e-3f * weight);
        }
    }
}

TEST(CompensatedGgx, NoBoundaryReflectsNothing) {
    const CompensatedGgx lobe = lobe_of(1, 0.4);
    for (const double angle : kAngles) {
        EXPECT_EQ(lobe.albedo(direction_at_deg(angle).z), 0);
    }
}

} // namespace
} // namespace rih
