// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/table.h"

#include <gtest/gtest.h>

#include <cmath>

namespace rih {
namespace {

TEST(Table, WritesCsvAndMarkdown) {
    const Table table{{"name", "value"}, {{"plain", "1"}, {"a, \"b\"", "2"}}};
    EXPECT_EQ(table.csv(), "name,value\r\nplain,1\r\n\"a, \"\"b\"\"\",2\r\n");
    EXPECT_EQ(table.markdown(), "| name | value |\n|---|---:|\n| plain | 1 |\n| a, \"b\" | 2 |\n");
    EXPECT_EQ(figure(std::nan(""), 2), "-");
    EXPECT_EQ(quantile_of({3, 1, 2}, 0.25), 1.5);
    EXPECT_TRUE(std::isnan(mean_of({})));
}

} // namespace
} // namespace rih
