// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/core/specular_layer.h"

#include "renderih/render/testing/test_lobes.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing::direction_at_deg;
using testing::TestLayer;

Material surface(double roughness, double second_share, double coat_weight) {
    Material material;
    material.roughness = roughness;
    material.second_lobe = {.share = second_share, .roughness_factor = 0.7};
    material.coat = {.weight = coat_weight, .roughness = 0.25, .ior = 1.5};
    return material;
}

/// Skin, a nail, a varnished nail, all coat over a plain lobe.
const std::vector<std::pair<double, double>> kSharesAndCoats = {
    {0, 0}, {0.3, 0}, {0.3, 0.5}, {0.3, 1}, {0, 1}};

TEST(SpecularLayer, SamplesFollowTheirDensity) {
    for (const auto& [share, coat] : kSharesAndCoats) {
        const TestLayer test(surface(0.45, share, coat));
        const SpecularLayer& layer = test.layer;
        for (const double angle : {0.0, 45.0, 75.0, 89.0}) {
            const Vec3f wo = direction_at_deg(angle);
            const auto result = testing::chi_square_lobe(
                wo,
                0.1,
                [&](Vec2f u, float pick) { return layer.sample(wo, u, pick); },
                [&](Vec3f wi) { return layer.pdf(wo, wi); });
            EXPECT_LT(result.deviation, 4) << share << " " << coat << " " << angle;
            EXPECT_NEAR(result.total_density, 1, 5e-3) << share << " " << coat << " " << angle;
        }
    }
}

TEST(SpecularLayer, IsReciprocal) {
    Rng rng(5, 0, "specular_layer_test");
    for (const auto& [share, coat] : kSharesAndCoats) {
        const TestLayer test(surface(0.35, share, coat));
        for (int i = 0; i < 200; ++i) {
            const Vec3f a = direction_at_deg(89.5 * rng.uniform(), 360 * rng.uniform());
            const Vec3f b = direction_at_deg(89.5 * rng.uniform(), 360 * rng.uniform());
            const float value = test.layer.eval(a, b);
            EXPECT_GT(value, 0.0f);
            EXPECT_NEAR(test.layer.eval(b, a), value, 2e-5f * value);
        }
    }
}

struct WithoutCoatsOwn {
    const SpecularLayer& layer;
    float eval(Vec3f wo, Vec3f wi) const {
        const float own = layer.coat.weight > 0 ? layer.coat.lobe.eval(wo, wi) : 0;
        return layer.eval(wo, wi) - layer.coat.weight * own;
    }
};

/// What a white Lambertian base below shows in a furnace of radiance 1: the layer's own part by
/// quadrature, the rest by the layer's word.
TEST(SpecularLayer, OverAWhiteBaseVanishesInAFurnace) {
    for (const auto& [share, coat] : kSharesAndCoats) {
        for (const double roughness : {0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 1.0}) {
            const TestLayer test(surface(roughness, share, coat));
            for (const double angle : {0.0, 25.0, 50.0, 65.0, 75.0, 82.0, 86.0, 89.0}) {
                const Vec3f wo = direction_at_deg(angle);
                const double width = double(test.layer.lobes.first.row.width);
                // The coat and what is below it differ in width: each in its own quadrature.
                const double shown =
                    double(test.layer.base_weight(wo.z)) +
                    testing::reflected_share(WithoutCoatsOwn{test.layer}, wo, width) +
                    (coat > 0 ? coat * testing::reflected_share(test.layer.coat.lobe, wo, 0.0625)
                              : 0.0);
                EXPECT_NEAR(shown, 1, 1e-3)
                    << share << " " << coat << " " << roughness << " " << angle;
            }
        }
    }
}

TEST(SpecularLayer, SamplesCarryTheAlbedoAndNoMoreThanABound) {
    Rng rng(6, 0, "specular_layer_test");
    for (const auto& [share, coat] : kSharesAndCoats) {
        for (const double roughness : {0.05, 0.3, 0.6, 1.0}) {
            const TestLayer test(surface(roughness, share, coat));
            for (const double angle : {0.0, 60.0, 85.0, 89.0}) {
                const Vec3f wo = direction_at_deg(angle);
                double sum = 0;
                float most = 0;
                constexpr int kCount = 40000;
                for (int i = 0; i < kCount; ++i) {
                    const Vec2f u = {rng.uniform_float(), (float(i) + 0.5f) / kCount};
                    const Vec3f wi = test.layer.sample(wo, u, rng.uniform_float());
                    if (wi.z > 0) {
                        const float weight =
                            test.layer.eval(wo, wi) * wi.z / test.layer.pdf(wo, wi);
                        most = std::fmax(most, weight);
                        sum += double(weight);
                    }
                }
                EXPECT_LT(most, 3.0f) << share << " " << coat << " " << roughness << " " << angle;
                const double albedo = double(test.layer.albedo(wo.z));
                EXPECT_NEAR(sum / kCount, albedo, 5e-3)
                    << share << " " << coat << " " << roughness << " " << angle;
            }
        }
    }
}

TEST(SpecularLayer, IsFiniteAtTheHorizon) {
    for (const auto& [share, coat] : kSharesAndCoats) {
        for (const double roughness : {0.0, 0.05, 1.0}) {
            const TestLayer test(surface(roughness, share, coat));
            for (const float z : {1e-30f, 1e-20f, 1e-12f, 1e-7f, 1e-3f}) {
                const Vec3f wo = {1, 0, z};
                for (const Vec3f& wi :
                     {Vec3f{-1, 0, z}, Vec3f{1, 0, z}, Vec3f{0, 1, 1e-25f}, Vec3f{0, 0, 1}}) {
                    const float value = test.layer.eval(wo, wi);
                    const float density = test.layer.pdf(wo, wi);
                    EXPECT_TRUE(std::isfinite(value) && value >= 0) << z;
                    EXPECT_TRUE(std::isfinite(density) && density >= 0) << z;
                }
                const Vec3f wi = test.layer.sample(wo, {0.4f, 0.3f}, 0.5f);
                EXPECT_NEAR(length(wi), 1, 1e-4f);
                EXPECT_GE(test.layer.base_weight(wo.z), 0.0f);
                EXPECT_LE(test.layer.base_weight(wo.z), 1.0f);
            }
        }
    }
}

} // namespace
} // namespace rih
