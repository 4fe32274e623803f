// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/environment_resample.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/scene/environment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

Environment constant_map(float value) {
    Environment environment;
    environment.radiance = ImageF(16, 8, 3, value);
    return environment;
}

TEST(SmoothlyEnlarged, AConstantStaysConstant) {
    const Environment out = smoothly_enlarged(constant_map(2.5f), 4);
    EXPECT_EQ(out.radiance.width(), 64);
    for (const float v : out.radiance.values()) {
        EXPECT_NEAR(v, 2.5f, 1e-5f);
    }
}

TEST(SmoothlyEnlarged, KeepsTheLightAndMakesNothingNegative) {
    Environment environment = constant_map(0.1f);
    Rng rng(1, 0, "map");
    for (float& v : environment.radiance.values()) {
        v = static_cast<float>(rng.uniform());
    }
    environment.radiance.at(15, 0, 0) = 30000; // a sun at the seam and at the pole
    const Environment out = smoothly_enlarged(environment, 3);
    EXPECT_NEAR(mean_luminance(out) / mean_luminance(environment), 1, 1e-5);
    EXPECT_GE(*std::min_element(out.radiance.values().begin(), out.radiance.values().end()), 0);
}

TEST(SmoothlyEnlarged, ALampStaysWhereItWas) {
    Environment environment = constant_map(0);
    environment.radiance.at(0, 4, 1) = 100; // spreads across the seam
    const Environment out = smoothly_enlarged(environment, 4);
    int best_x = 0, best_y = 0;
    for (int y = 0; y < out.radiance.height(); ++y) {
        for (int x = 0; x < out.radiance.width(); ++x) {
            if (out.radiance.at(x, y, 1) > out.radiance.at(best_x, best_y, 1)) {
                best_x = x;
                best_y = y;
            }
        }
    }
    EXPECT_NEAR(best_x + 0.5, 4 * 0.5, 0.6);
    EXPECT_NEAR(best_y + 0.5, 4 * 4.5, 0.6);
    EXPECT_GT(out.radiance.at(63, 18, 1), 0);
}

TEST(SmoothlyEnlarged, RefusesAbsurdFactors) {
    EXPECT_THROW(smoothly_enlarged(constant_map(1), 0), UserError);
    EXPECT_THROW(smoothly_enlarged(constant_map(1), 17), UserError);
}

} // namespace
} // namespace rih
