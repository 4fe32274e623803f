// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/rng.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace rih {
namespace {

void expect_block(PhiloxCounter counter, PhiloxKey key, std::array<std::uint32_t, 4> expected) {
    const PhiloxCounter block = philox4x32(counter, key);
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(block.v[i], expected[i]) << "word " << i;
    }
}

// The known answers that come with the published reference implementation.
TEST(Philox, KnownAnswers) {
    expect_block({{0, 0, 0, 0}}, {{0, 0}}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    expect_block({{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}},
                 {{0xffffffff, 0xffffffff}},
                 {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    expect_block({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}},
                 {{0xa4093822, 0x299f31d0}},
                 {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST(Rng, EveryPartOfTheKeyMatters) {
    Rng base(1, 2, "pose"), same(1, 2, "pose"), seed(2, 2, "pose"), id(1, 3, "pose"),
        stream(1, 2, "view");
    const std::uint64_t first = base.next_u64();
    EXPECT_EQ(first, same.next_u64());
    EXPECT_NE(first, seed.next_u64());
    EXPECT_NE(first, id.next_u64());
    EXPECT_NE(first, stream.next_u64());
}

TEST(Rng, MomentsOfUniformAndNormal) {
    Rng rng(7, 0, "moments");
    constexpr int kCount = 200000;
    double mean_u = 0, mean_n = 0, square_n = 0;
    for (int i = 0; i < kCount; ++i) {
        const double u = rng.uniform();
        ASSERT_GE(u, 0.0);
        ASSERT_LT(u, 1.0);
        mean_u += u / kCount;
        const double n = rng.normal();
        mean_n += n / kCount;
        square_n += n * n / kCount;
    }
    EXPECT_NEAR(mean_u, 0.5, 5 * std::sqrt(1.0 / 12 / kCount));
    EXPECT_NEAR(mean_n, 0.0, 5 / std::sqrt(double{kCount}));
    EXPECT_NEAR(square_n, 1.0, 5 * std::sqrt(2.0 / kCount));
}

TEST(Rng, IndexCoversItsRangeEvenly) {
    Rng rng(7, 1, "index");
    std::array<int, 7> count{};
    constexpr int kDraws = 70000;
    for (int i = 0; i < kDraws; ++i) {
        ++count.at(rng.uniform_index(7));
    }
    for (const int c : count) {
        EXPECT_NEAR(c, kDraws / 7, 5 * std::sqrt(kDraws / 7.0));
    }
}

} // namespace
} // namespace rih
