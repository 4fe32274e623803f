// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/core/subsurface.h"

#include "renderih/math/sampling_chi_square.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

// Density proportional to what the boundary lets in times the cosine, within the cone of
// refraction.
TEST(Subsurface, DiffuseEntryFollowsItsDensity) {
    for (const float eta : {1.0f, 1.4f, 2.5f}) {
        const auto let_in = [&](double cosine) {
            return cosine * (1 - double(fresnel_dielectric(float(cosine), 1 / eta)));
        };
        double total = 0;
        constexpr int kSteps = 20000;
        for (int i = 0; i < kSteps; ++i) {
            total += 2 * kPi * let_in((i + 0.5) / kSteps) / kSteps;
        }
        std::uint64_t draw = 0;
        const testing::ChiSquare result = testing::chi_square_directions(
            [&] {
                PathSampler sampler(1, draw++, 0, 0);
                const Vec3f d = sample_diffuse_entry({0, 0, 1}, eta, sampler);
                return Vec3(double(d.x), double(d.y), double(d.z));
            },
            [&](const Vec3& d) { return d.z() > 0 ? let_in(d.z()) / total : 0.0; },
            16,
            64,
            200000,
            24);
        EXPECT_LT(result.deviation, 4) << eta;
        EXPECT_NEAR(result.total_density, 1, 0.01) << eta;
    }
}

} // namespace
} // namespace rih
