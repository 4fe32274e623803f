// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/core/ggx.h"

#include "renderih/render/testing/test_lobes.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

Vec3f direction_at(double cosine) {
    return {float(std::sqrt(1 - cosine * cosine)), 0, float(cosine)};
}

TEST(Fresnel, HasTheKnownValues) {
    EXPECT_NEAR(fresnel_dielectric(1, 1.5f), 0.04f, 1e-6f);
    EXPECT_NEAR(fresnel_dielectric(1, 1 / 1.5f), 0.04f, 1e-6f);
    EXPECT_EQ(fresnel_dielectric(0.5f, 1 / 1.5f), 1); // beyond the critical angle
    EXPECT_NEAR(fresnel_dielectric(0.3f, 1), 0, 1e-6f);
    // Brewster's angle: only the perpendicular half is reflected.
    const float cos_brewster = std::cos(std::atan(1.5f));
    const float s = (1 - 1.5f * 1.5f) / (1 + 1.5f * 1.5f);
    EXPECT_NEAR(fresnel_dielectric(cos_brewster, 1.5f), 0.5f * s * s, 1e-5f);
}

TEST(DielectricGgx, SamplesFollowTheirDensity) {
    for (const double cosine : {1.0, 0.7, 0.2, 0.0175}) {
        for (const float width : {0.0025f, 0.09f, 0.36f, 1.0f}) {
            const DielectricGgx ggx{width, 1.4f};
            const Vec3f wo = direction_at(cosine);
            const auto result = testing::chi_square_lobe(
                wo,
                double(width),
                [&](Vec2f u, float) { return ggx.sample(wo, u); },
                [&](Vec3f wi) { return ggx.pdf(wo, wi); });
            EXPECT_LT(result.deviation, 4) << cosine << " " << width;
            EXPECT_NEAR(result.total_density, 1, 5e-3) << cosine << " " << width;
        }
    }
}

TEST(DielectricGgx, WeightIsValueTimesCosineOverDensity) {
    Rng rng(4, 0, "ggx_test");
    for (int i = 0; i < 1000; ++i) {
        const DielectricGgx ggx{0.05f + 0.9f * rng.uniform_float(), 1.5f};
        const Vec3f wo = direction_at(0.05 + 0.95 * rng.uniform());
        const float x = rng.uniform_float();
        const Vec3f wi = ggx.sample(wo, {x, rng.uniform_float()});
        if (wi.z > 1e-3f) {
            const float weight = ggx.weight(wo, wi);
            EXPECT_NEAR(ggx.eval(wo, wi) * wi.z / ggx.pdf(wo, wi), weight, 1e-3f * weight);
            EXPECT_LE(weight, 1.0f + 1e-6f);
        }
    }
}

TEST(DielectricGgx, IsReciprocal) {
    const DielectricGgx ggx{0.3f, 1.4f};
    const Vec3f a = normalize(Vec3f{0.3f, 0.2f, 0.5f}), b = normalize(Vec3f{-0.6f, 0.1f, 0.7f});
    EXPECT_NEAR(ggx.eval(a, b), ggx.eval(b, a), 1e-6f);
}

} // namespace
} // namespace rih
