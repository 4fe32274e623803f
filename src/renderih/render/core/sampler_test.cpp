// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/core/sampler.h"

#include "renderih/math/sampling_chi_square.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace rih {
namespace {

TEST(PathSampler, EveryPairFillsEveryElementaryInterval) {
    // The first 64 points of a (0, 2)-sequence have one point in each 64th of the square.
    constexpr int kCount = 64;
    for (int pair = 0; pair < 5; ++pair) {
        for (int log_x = 0; log_x <= 6; ++log_x) {
            std::set<std::pair<int, int>> cells;
            for (std::uint32_t i = 0; i < kCount; ++i) {
                PathSampler sampler(7, 8, 99, i);
                Vec2f p;
                for (int skip = 0; skip <= pair; ++skip) {
                    p = sampler.next_2d();
                }
                cells.insert({int(p.x * float(1 << log_x)), int(p.y * float(1 << (6 - log_x)))});
            }
            EXPECT_EQ(cells.size(), std::size_t(kCount)) << pair << " " << log_x;
        }
    }
}

TEST(PathSampler, OneDimensionIsStratified) {
    std::set<int> cells;
    for (std::uint32_t i = 0; i < 32; ++i) {
        PathSampler sampler(1, 2, 3, i);
        cells.insert(int(sampler.next_1d() * 32));
    }
    EXPECT_EQ(cells.size(), 32u);
}

TEST(PathSampler, IsUniformOverPixels) {
    std::uint32_t pixel = 0;
    const auto result = testing::chi_square(
        [&] {
            PathSampler sampler(5, 6, pixel++, 3);
            sampler.next_1d();
            const Vec2f p = sampler.next_2d();
            return Vec2(double(p.x), double(p.y));
        },
        [](double, double) { return 1.0; },
        16,
        16,
        100000,
        1);
    EXPECT_LT(result.deviation, 4);
}

TEST(PathSampler, ErrorOfASmoothIntegralFallsFasterThanByChance) {
    // 16 times the samples: by chance a quarter of the error. Scrambled nets reach n^-1.5.
    const auto error = [](int spp) {
        constexpr int kPixels = 4000;
        double sum = 0;
        for (std::uint32_t pixel = 0; pixel < kPixels; ++pixel) {
            double mean = 0;
            for (int i = 0; i < spp; ++i) {
                PathSampler sampler(2, 0, pixel, static_cast<std::uint32_t>(i));
                sampler.next_1d();
                const Vec2f p = sampler.next_2d();
                mean += std::exp(double(p.x)) * double(p.y) / spp;
            }
            const double off = mean - 0.5 * (std::exp(1.0) - 1);
            sum += off * off / kPixels;
        }
        return std::sqrt(sum);
    };
    EXPECT_LT(error(64), error(4) / 32);
    EXPECT_LT(error(256), error(16) / 32);
}

TEST(PathSampler, DependsOnEveryPartOfItsKey) {
    const auto first = [](std::uint64_t seed, std::uint64_t id, std::uint32_t pixel) {
        PathSampler sampler(seed, id, pixel, 0);
        const Vec2f p = sampler.next_2d();
        return std::array<float, 3>{p.x, p.y, sampler.next_random()};
    };
    const auto base = first(1, 2, 3);
    EXPECT_EQ(base, first(1, 2, 3));
    for (const auto& other : {first(2, 2, 3), first(1, 3, 3), first(1, 2, 4)}) {
        EXPECT_NE(base[0], other[0]);
        EXPECT_NE(base[1], other[1]);
        EXPECT_NE(base[2], other[2]);
    }
}

} // namespace
} // namespace rih
