// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/environment_table.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/math/sampling_chi_square.h"
#include "renderih/render/testing/test_scenes.h"
#include "renderih/scene/environment_resample.h"

#include <gtest/gtest.h>

#include <limits>

namespace rih {
namespace {

Vec3 to_double(Vec3f v) {
    return {double(v.x), double(v.y), double(v.z)};
}
Vec3f to_float(const Vec3& v) {
    return {float(v.x()), float(v.y()), float(v.z())};
}

std::shared_ptr<Environment> noisy_map(int width, int height) {
    auto environment = std::make_shared<Environment>();
    environment->radiance = ImageF(width, height, 3);
    Rng rng(1, 0, "environment_test");
    for (float& value : environment->radiance.values()) {
        value = rng.uniform_float();
    }
    return environment;
}

testing::ChiSquare test_sampling(const EnvironmentView& light, int azimuths, int heights, int sub) {
    Rng rng(2, 0, "environment_test");
    // The map's pole is y, the bins' is z.
    return testing::chi_square_directions(
        [&] {
            const float x = rng.uniform_float();
            const Vec3 d = to_double(light.sample({x, rng.uniform_float()}).wi);
            return Vec3(d.z(), d.x(), d.y());
        },
        [&](const Vec3& d) {
            return double(light.pdf({float(d.y()), float(d.z()), float(d.x())}));
        },
        azimuths,
        heights,
        400000,
        sub);
}

TEST(EnvironmentTable, SamplesFollowTheirDensity) {
    const EnvironmentTable table(*noisy_map(12, 7));
    const auto result = test_sampling(table.view(1, 25), 48, 48, 12);
    EXPECT_LT(result.deviation, 4);
    EXPECT_NEAR(result.total_density, 1, 1e-3);
}

TEST(EnvironmentTable, SamplesOfAOneTexelSunFollowTheirDensity) {
    auto map = noisy_map(32, 16);
    map->radiance.at(9, 4, 0) = 32000;
    const EnvironmentTable table(*map);
    const auto result = test_sampling(table.view(), 96, 96, 16);
    EXPECT_LT(result.deviation, 4);
    EXPECT_NEAR(result.total_density, 1, 5e-3);
}

TEST(EnvironmentTable, SampleAgreesWithEvalAndPdfOfItsDirection) {
    auto map = noisy_map(32, 16);
    map->radiance.at(31, 8, 1) = 32000; // at the seam
    const EnvironmentTable table(*map);
    const EnvironmentView light = table.view(2, 77);
    Rng rng(3, 0, "environment_test");
    for (int i = 0; i < 10000; ++i) {
        const float x = rng.uniform_float();
        const EnvironmentSample sample = light.sample({x, rng.uniform_float()});
        EXPECT_NEAR(light.pdf(sample.wi), sample.pdf_solid_angle, 2e-3f * sample.pdf_solid_angle);
        const Vec3f radiance = light.eval(sample.wi);
        for (int c = 0; c < 3; ++c) {
            // Beside the bright texel the rounding of u shows.
            EXPECT_NEAR(radiance[c], sample.radiance[c], 2e-3f * max_component(radiance) + 0.3f);
        }
    }
}

/// Irradiance over pi on a surface of that normal, by `count` samples for `facing`, and their
/// relative variance.
std::pair<Vec3, double>
sampled_irradiance(const EnvironmentView& light, Vec3f normal, int facing, int count, Rng& rng) {
    Vec3 sum = Vec3::Zero();
    double squares = 0;
    for (int i = 0; i < count; ++i) {
        const float x = rng.uniform_float();
        const EnvironmentSample sample = light.sample({x, rng.uniform_float()}, facing);
        const float cosine = std::fmax(dot(sample.wi, normal), 0.0f);
        const Vec3 value =
            sample.pdf_solid_angle > 0
                ? to_double((kInvPiF * cosine / sample.pdf_solid_angle) * sample.radiance)
                : Vec3::Zero().eval();
        sum += value;
        squares += value.squaredNorm();
    }
    sum /= count;
    return {sum, squares / count / sum.squaredNorm() - 1};
}

TEST(EnvironmentTable, SamplesForAFacingGiveItsIrradiance) {
    auto map = noisy_map(48, 24);
    for (int c = 0; c < 3; ++c) {
        map->radiance.at(7, 9, c) = 3000; // a sun, below the horizon of some
    }
    const EnvironmentTable table(*map);
    const EnvironmentView light = table.view(1, 40);
    Rng rng(5, 0, "environment_test");
    double facing_variance = 0, any_variance = 0;
    for (int i = 0; i < 60; ++i) {
        const float x = rng.uniform_float();
        const Vec3f normal = sample_uniform_sphere({x, rng.uniform_float()});
        Vec3 wanted = Vec3::Zero();
        constexpr int kSteps = 600;
        for (int v = 0; v < kSteps; ++v) {
            const double theta = kPi * (v + 0.5) / kSteps;
            for (int u = 0; u < 2 * kSteps; ++u) {
                const double phi = kPi * (u + 0.5) / kSteps;
                const Vec3f d = {float(std::sin(theta) * std::cos(phi)),
                                 float(std::cos(theta)),
                                 float(std::sin(theta) * std::sin(phi))};
                const double weight = kPi / kSteps * kPi / kSteps * std::sin(theta) / kPi;
                wanted +=
                    weight * double(std::fmax(dot(d, normal), 0.0f)) * to_double(light.eval(d));
            }
        }
        const auto [drawn, variance] =
            sampled_irradiance(light, normal, light.facing_of(normal), 40000, rng);
        for (int c = 0; c < 3; ++c) {
            EXPECT_NEAR(drawn(c), wanted(c), 0.03 * wanted(c)) << i;
        }
        facing_variance += variance;
        any_variance +=
            sampled_irradiance(light, normal, EnvironmentView::kAnyFacing, 40000, rng).second;
    }
    EXPECT_LT(facing_variance, 0.4 * any_variance);
}

TEST(EnvironmentTable, SamplesForAFacingHardlyVaryUnderAnEvenSky) {
    for (const auto& [width, height] : {std::pair{4, 2}, std::pair{64, 32}, std::pair{300, 151}}) {
        const EnvironmentTable table(*testing::make_environment(
            width, height, [](const Vec3&) { return Vec3::Constant(1); }));
        const EnvironmentView light = table.view();
        Rng rng(6, 0, "environment_test");
        for (int i = 0; i < 100; ++i) {
            const float x = rng.uniform_float();
            const Vec3f normal = sample_uniform_sphere({x, rng.uniform_float()});
            const auto [drawn, variance] =
                sampled_irradiance(light, normal, light.facing_of(normal), 4000, rng);
            EXPECT_NEAR(drawn.x(), 1, 0.02);
            EXPECT_LT(variance, 0.08);
        }
    }
}

TEST(EnvironmentTable, DensityBoundsTheMapEverywhere) {
    // radiance / pdf of any sample stays near the map's whole power: no fireflies from a sun.
    auto map = noisy_map(64, 32);
    map->radiance.at(5, 3, 0) = map->radiance.at(5, 3, 1) = map->radiance.at(5, 3, 2) = 32000;
    const EnvironmentTable table(*map);
    const EnvironmentView light = table.view();
    Rng rng(4, 0, "environment_test");
    double sum = 0, greatest = 0;
    constexpr int kCount = 100000;
    for (int i = 0; i < kCount; ++i) {
        const float x = rng.uniform_float();
        const EnvironmentSample sample = light.sample({x, rng.uniform_float()});
        const double value = double(mean_component(sample.radiance) / sample.pdf_solid_angle);
        sum += value;
        greatest = std::max(greatest, value);
    }
    EXPECT_LT(greatest, 2 * sum / kCount);
}

TEST(EnvironmentTable, LooksUpTheMapByTheConvention) {
    Environment map;
    map.radiance = ImageF(4, 2, 3);
    const auto set = [&](int x, int y, float value) {
        for (int c = 0; c < 3; ++c) {
            map.radiance.at(x, y, c) = value;
        }
    };
    for (int x = 0; x < 4; ++x) {
        set(x, 0, float(x));
        set(x, 1, 10 + float(x));
    }
    const EnvironmentTable table(map);
    const EnvironmentView light = table.view();
    // +x is u = 0.5, between texels 1 and 2; the equator lies between the rows.
    EXPECT_NEAR(light.eval({1, 0, 0}).x, 0.5f * (1.5f + 11.5f), 1e-4f);
    // +z is u = 0.75, between texels 2 and 3.
    EXPECT_NEAR(light.eval({0, 0, 1}).x, 0.5f * (2.5f + 12.5f), 1e-4f);
    // -x wraps between texels 3 and 0.
    EXPECT_NEAR(light.eval({-1, 0, 0}).x, 0.5f * (1.5f + 11.5f), 1e-4f);
    // Up is the first row.
    EXPECT_LT(light.eval(normalize(Vec3f{0.1f, 1, 0})).x, 4);
    EXPECT_GE(light.eval(normalize(Vec3f{0.1f, -1, 0})).x, 10);
}

TEST(EnvironmentTable, RotationTurnsTheMapAboutY) {
    const auto map = noisy_map(16, 8);
    const EnvironmentTable table(*map);
    const EnvironmentView plain = table.view(), turned = table.view(1, 40);
    Rng rng(5, 0, "environment_test");
    const Eigen::AngleAxisd back(-40 * kDegree, Vec3::UnitY());
    for (int i = 0; i < 200; ++i) {
        const Vec3 d = testing::random_direction(rng);
        // A world direction d looks up the map at d turned by minus the rotation.
        EXPECT_NEAR(turned.eval(to_float(d)).x, plain.eval(to_float(back * d)).x, 1e-4f);
        EXPECT_NEAR(turned.pdf(to_float(d)), plain.pdf(to_float(back * d)), 1e-3f);
    }
}

TEST(EnvironmentTable, ABlackMapGivesNoSamples) {
    Environment map;
    map.radiance = ImageF(8, 4, 3);
    const EnvironmentTable table(map);
    EXPECT_EQ(table.view().sample({0.3f, 0.4f}).pdf_solid_angle, 0);
    EXPECT_EQ(table.view().pdf({0, 1, 0}), 0);
    EXPECT_EQ(table.view().eval({0, 1, 0}).x, 0);
}

TEST(EnvironmentTable, RefusesBadMaps) {
    Environment empty;
    EXPECT_THROW(EnvironmentTable{empty}, UserError);
    auto map = noisy_map(4, 2);
    const EnvironmentTable table(*map);
    EXPECT_THROW(table.view(-1, 0), UserError);
    EXPECT_THROW(table.view(1e30, 0), UserError);
    EXPECT_THROW(table.view(1, std::numeric_limits<double>::infinity()), UserError);
    using Limits = std::numeric_limits<float>;
    for (const float bad :
         {-1.0f, -1e-40f, Limits::quiet_NaN(), -Limits::quiet_NaN(), Limits::infinity(), 1e16f}) {
        map->radiance.at(1, 1, 2) = bad;
        EXPECT_THROW(EnvironmentTable{*map}, UserError) << bad;
    }
    map->radiance.at(1, 1, 2) = -0.0f;
    EXPECT_NO_THROW(EnvironmentTable{*map});
}

// Surfaces are lit by the old texels of an enlarged map, made smooth: sampled by the density that
// is told, near enough to the light that a sun makes no fireflies; the camera sees the large map.
TEST(EnvironmentTable, AnEnlargedMapLightsByItsSmallOne) {
    auto map = noisy_map(32, 16);
    for (float& value : map->radiance.values()) {
        value = value < 0.5f ? 0 : 0.01f * value;
    }
    for (const int x : {0, 9}) { // one at the seam
        map->radiance.at(x, 4, 0) = map->radiance.at(x, 4, 1) = map->radiance.at(x, 4, 2) = 32000;
    }
    const Environment enlarged = smoothly_enlarged(*map, 4);
    EXPECT_EQ(enlarged.light.width(), 32);
    const EnvironmentTable table(enlarged);
    const EnvironmentView light = table.view(1, 15);
    const auto result = test_sampling(light, 96, 96, 16);
    EXPECT_LT(result.deviation, 4);
    EXPECT_NEAR(result.total_density, 1, 5e-3);
    Rng rng(6, 0, "environment_test");
    for (int i = 0; i < 20000; ++i) {
        const Vec3f d = to_float(testing::random_direction(rng));
        EXPECT_TRUE(light.pdf(d) > 0 || max_component(light.eval(d)) == 0);
    }
    double seen = 0, lit = 0;
    constexpr int kSide = 256;
    for (int y = 0; y < kSide; ++y) {
        const double z = 1 - 2 * (y + 0.5) / kSide, r = std::sqrt(1 - z * z);
        for (int x = 0; x < kSide; ++x) {
            const double phi = 2 * kPi * (x + 0.5) / kSide;
            const Vec3f d = to_float({r * std::cos(phi), z, r * std::sin(phi)});
            seen += double(mean_component(light.seen(d)));
            lit += double(mean_component(light.eval(d)));
        }
    }
    EXPECT_NEAR(seen / lit, 1, 0.01);
    EXPECT_NE(light.seen({0.6f, 0, 0.8f}).x, light.eval({0.6f, 0, 0.8f}).x); // two maps
    double sum = 0, greatest = 0;
    constexpr int kCount = 100000;
    for (int i = 0; i < kCount; ++i) {
        const float x = rng.uniform_float();
        const EnvironmentSample sample = light.sample({x, rng.uniform_float()});
        const double value = double(mean_component(sample.radiance) / sample.pdf_solid_angle);
        sum += value;
        greatest = std::max(greatest, value);
    }
    EXPECT_LT(greatest, 3 * sum / kCount);
}

// What surfaces are lit by: a distribution for each facing, which leaves out no light before it.
TEST(EnvironmentTable, EachFacingFollowsItsDensity) {
    Rng rng(9, 0, "facings");
    Environment environment;
    environment.radiance = ImageF(64, 32, 3);
    for (float& value : environment.radiance.values()) {
        value = rng.uniform_float();
    }
    environment.radiance.at(40, 9, 1) = 3000;
    const EnvironmentTable table(environment);
    const EnvironmentView light = table.view(1, 33);
    for (const Vec3f& normal :
         {Vec3f{0, 1, 0}, Vec3f{0.37f, 0.6f, -0.71f}, Vec3f{-0.8f, -0.6f, 0}}) {
        const int facing = light.facing_of(normal);
        const testing::ChiSquare result = testing::chi_square_directions(
            [&] {
                const float x = rng.uniform_float();
                const Vec3 d = to_double(light.sample({x, rng.uniform_float()}, facing).wi);
                return Vec3(d.z(), d.x(), d.y());
            },
            [&](const Vec3& d) {
                return double(light.pdf({float(d.y()), float(d.z()), float(d.x())}, facing));
            },
            24,
            24,
            400000,
            24);
        EXPECT_LT(result.deviation, 4);
        EXPECT_NEAR(result.total_density, 1, 0.01);
        for (int i = 0; i < 20000; ++i) {
            const float x = rng.uniform_float();
            const Vec3f d = sample_uniform_sphere({x, rng.uniform_float()});
            if (dot(d, normal) > 1e-3f) {
                ASSERT_GT(light.pdf(d, facing), 0) << d.x << " " << d.y << " " << d.z;
            }
        }
    }
}

} // namespace
} // namespace rih
