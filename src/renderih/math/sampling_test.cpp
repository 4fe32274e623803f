// SPDX-License-Identifier: Apache-2.0
#include "renderih/math/sampling.h"

#include "renderih/base/rng.h"
#include "renderih/math/sampling_chi_square.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing::chi_square;
using testing::chi_square_directions;
using testing::ChiSquare;

Vec3 to_double(Vec3f v) {
    return {double(v.x), double(v.y), double(v.z)};
}

void expect_fits(const ChiSquare& result) {
    EXPECT_LT(result.deviation, 4);
    EXPECT_NEAR(result.total_density, 1, 2e-3);
}

struct Uniform {
    Rng rng{1, 2, "sampling_test"};
    float one() { return rng.uniform_float(); }
    Vec2f two() {
        const float x = rng.uniform_float();
        return {x, rng.uniform_float()};
    }
};

TEST(Sampling, CosineHemisphereFollowsItsDensity) {
    Uniform u;
    expect_fits(chi_square_directions(
        [&] { return to_double(sample_cosine_hemisphere(u.two())); },
        [](const Vec3& d) { return double(cosine_hemisphere_pdf(float(d.z()))); }));
}

TEST(Sampling, ASamplerThatLeavesItsHemisphereIsCaught) {
    Uniform u;
    const ChiSquare result = chi_square_directions(
        [&] {
            Vec3 d = to_double(sample_cosine_hemisphere(u.two()));
            d.z() *= u.one() < 0.02f ? -1 : 1;
            return d;
        },
        [](const Vec3& d) { return double(cosine_hemisphere_pdf(float(d.z()))); });
    EXPECT_GT(result.deviation, 4);
}

TEST(Sampling, UniformSphereIsUniform) {
    Uniform u;
    expect_fits(chi_square_directions([&] { return to_double(sample_uniform_sphere(u.two())); },
                                      [](const Vec3&) { return 1 / (4 * kPi); }));
}

TEST(Sampling, BilinearFollowsItsDensity) {
    for (const BilinearPatch& patch : {BilinearPatch{1, 2, 3, 4},
                                       BilinearPatch{0, 0, 0, 1},
                                       BilinearPatch{1, 0, 0, 0},
                                       BilinearPatch{0, 5, 5, 0}}) {
        Uniform u;
        expect_fits(chi_square(
            [&] {
                const Vec2f p = sample_bilinear(u.two(), patch);
                return Vec2(double(p.x), double(p.y));
            },
            [&](double x, double y) { return double(bilinear_pdf({float(x), float(y)}, patch)); },
            16,
            16));
    }
}

TEST(Sampling, InversesUndoTheWarps) {
    Uniform u;
    for (int i = 0; i < 1000; ++i) {
        const Vec2f x = u.two();
        const float a = u.one(), b = u.one() + 0.01f;
        EXPECT_NEAR(invert_linear(sample_linear(x.x, a, b), a, b), x.x, 1e-5f);
        const BilinearPatch patch = {u.one(), u.one(), u.one() + 0.1f, u.one()};
        const Vec2f back = invert_bilinear(sample_bilinear(x, patch), patch);
        EXPECT_NEAR(back.x, x.x, 1e-4f);
        EXPECT_NEAR(back.y, x.y, 1e-4f);
    }
}

TEST(Sampling, PowerHeuristicSharesOutOne) {
    EXPECT_FLOAT_EQ(power_heuristic(3, 1) + power_heuristic(1, 3), 1);
    EXPECT_FLOAT_EQ(power_heuristic(3, 1), 0.9f);
    EXPECT_EQ(power_heuristic(0, 1), 0);
    EXPECT_FLOAT_EQ(power_heuristic(1e30f, 1e30f), 0.5f);
}

} // namespace
} // namespace rih
