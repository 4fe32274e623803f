// SPDX-License-Identifier: Apache-2.0
#include "renderih/exchange/run_length.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

// The whole format is held against pycocotools in tests/e2e/export_test.py.
TEST(RunLength, CountsDownTheColumns) {
    // . # .
    // # # .
    const auto is_set = [](int x, int y) { return x == 1 || (x == 0 && y == 1); };
    EXPECT_EQ(run_lengths(3, 2, is_set), (std::vector<std::uint32_t>{1, 3, 2}));
    EXPECT_EQ(run_lengths(2, 2, [](int, int) { return true; }), (std::vector<std::uint32_t>{0, 4}));
}

TEST(RunLength, WritesFiveBitsACharacter) {
    EXPECT_EQ(coco_text({1, 3, 2}), "132");
    // 32 does not fit into five bits with a sign: 0 and more, then 1.
    EXPECT_EQ(coco_text({0, 32}), "0P1");
    // The fourth is told by what it adds to the second.
    EXPECT_EQ(coco_text({5, 7, 5, 6}), "575O");
}

} // namespace
} // namespace rih
