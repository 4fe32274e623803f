// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/core/ggx.h"

#include "renderih/base/rng.h"
#include "renderih/math/sampling_chi_square.h"

#include <gtest/gtest.h>

#include <limits>

namespace rih {
namespace {

Vec3f to_float(const Vec3& v) {
    return {float(v.x()), float(v.y()), float(v.z())};
}

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
    for (const double cosine : {1.0, 0.7, 0.2}) {
        for (const float width : {0.09f, 0.36f, 1.0f}) {
            const DielectricGgx ggx{width, 1.4f};
            const Vec3f wo = direction_at(cosine);
            Rng rng(3, 0, "ggx_test");
            const auto result = testing::chi_square_directions(
                [&] {
                    const float x = rng.uniform_float();
                    const Vec3f wi = ggx.sample(wo, {x, rng.uniform_float()});
                    const double z = double(wi.z);
                    return Vec3(double(wi.x),
                                double(wi.y),
                                z > 0 ? z : std::numeric_limits<double>::quiet_NaN());
                },
                [&](const Vec3& d) { return double(ggx.pdf(wo, to_float(d))); },
                24,
                48,
                200000,
                24);
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
            EXPECT_LE(weight, 1.0f);
        }
    }
}

TEST(DielectricGgx, IsReciprocal) {
    const DielectricGgx ggx{0.3f, 1.4f};
    const Vec3f a = normalize(Vec3f{0.3f, 0.2f, 0.5f}), b = normalize(Vec3f{-0.6f, 0.1f, 0.7f});
    EXPECT_NEAR(ggx.eval(a, b), ggx.eval(b, a), 1e-6f);
}

TEST(SpecularAlbedoTable, AgreesWithQuadrature) {
    SpecularAlbedoTable table;
    fill_specular_albedo(1.4f, table);
    for (const double cosine : {0.95, 0.6, 0.31, 0.12}) {
        for (const float roughness : {0.3f, 0.47f, 0.8f, 1.0f}) {
            const DielectricGgx ggx{ggx_width_of_roughness(roughness), 1.4f};
            const Vec3f wo = direction_at(cosine);
            double sum = 0;
            constexpr int kSteps = 700;
            for (int j = 0; j < kSteps; ++j) {
                for (int i = 0; i < kSteps; ++i) {
                    const double z = (j + 0.5) / kSteps, phi = 2 * kPi * (i + 0.5) / kSteps;
                    const double r = std::sqrt(1 - z * z);
                    sum +=
                        z *
                        double(ggx.eval(wo, to_float({r * std::cos(phi), r * std::sin(phi), z})));
                }
            }
            const double albedo = sum * 2 * kPi / (double(kSteps) * kSteps);
            EXPECT_NEAR(double(table.at(float(cosine), roughness)), albedo, 3e-3 + 0.01 * albedo)
                << cosine << " " << roughness;
        }
    }
}

} // namespace
} // namespace rih
