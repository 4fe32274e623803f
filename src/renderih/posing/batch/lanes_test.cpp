// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/batch/lanes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

/// Calls check(x, lane's results) over a fine sweep.
template <typename Function>
void sweep(double low, double high, const Function& check) {
    constexpr int kSteps = 40000;
    for (int i = 0; i < kSteps; i += kLaneCount) {
        std::array<float, kLaneCount> x;
        for (int k = 0; k < kLaneCount; ++k) {
            x[k] = static_cast<float>(low + (high - low) * (i + k) / kSteps);
        }
        check(x);
    }
}

std::array<float, kLaneCount> values_of(Lanes lanes) {
    std::array<float, kLaneCount> values;
    lanes.store(values.data());
    return values;
}

TEST(Lanes, SineAndCosine) {
    double worst = 0;
    sweep(-10, 10, [&](const auto& x) {
        const SinCos both = sin_cos(Lanes::load(x.data()));
        const auto s = values_of(both.sin), c = values_of(both.cos);
        for (int k = 0; k < kLaneCount; ++k) {
            worst = std::max({worst,
                              std::abs(s[k] - std::sin(double(x[k]))),
                              std::abs(c[k] - std::cos(double(x[k])))});
        }
    });
    EXPECT_LT(worst, 2e-7);
}

TEST(Lanes, Exponential) {
    double worst = 0;
    sweep(-86, 87, [&](const auto& x) {
        const auto y = values_of(exp(Lanes::load(x.data())));
        for (int k = 0; k < kLaneCount; ++k) {
            worst = std::max(worst, std::abs(y[k] / std::exp(double(x[k])) - 1));
        }
    });
    EXPECT_LT(worst, 2e-7);
    EXPECT_EQ(values_of(exp(-100.0f))[0], 0);
    EXPECT_TRUE(std::isfinite(values_of(exp(1000.0f))[0]));
}

TEST(Lanes, LogarithmOfOnePlus) {
    double worst = 0;
    sweep(0, 1, [&](const auto& x) {
        const auto y = values_of(log1p_unit(Lanes::load(x.data())));
        for (int k = 0; k < kLaneCount; ++k) {
            worst = std::max(worst, std::abs(y[k] - std::log1p(double(x[k]))));
        }
    });
    EXPECT_LT(worst, 2e-7);
}

TEST(Lanes, SumAndMasks) {
    const std::array<float, kLaneCount> x{1, 2, 4, 8, 16, 32, 64, 128};
    const Lanes lanes = Lanes::load(x.data());
    EXPECT_EQ(sum(lanes), 255);
    EXPECT_EQ(sum(where(less(lanes, 5.0f), lanes)), 7);
    EXPECT_EQ(sum(select(not_less(lanes, 64.0f), lanes, -1.0f)), 192 - 6);
    EXPECT_FALSE(any(less(lanes, 1.0f)));
    EXPECT_TRUE(any(less(lanes, 1.5f)));
}

TEST(Lanes, MatrixProductIsRowByRow) {
    Mat3Lanes a, b;
    for (int k = 0; k < 9; ++k) {
        a.m[k] = static_cast<float>(k + 1);
        b.m[k] = static_cast<float>((k * 5) % 7);
    }
    // (1 2 3) . column 0 of b = (0, 1, 2)
    EXPECT_EQ(values_of((a * b).m[0])[0], 1 * 0 + 2 * 1 + 3 * 2);
    // third row (7 8 9) . column 1 = (5, 6, 0)
    EXPECT_EQ(values_of((a * b).m[7])[3], 7 * 5 + 8 * 6 + 9 * 0);
    EXPECT_EQ(values_of(a.transposed().m[1])[0], 4);
}

} // namespace
} // namespace rih
