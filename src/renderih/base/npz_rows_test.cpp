// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/npz_rows.h"

#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

namespace fs = std::filesystem;
using Outputs = std::map<std::string, NpyOutput>;

/// Rows `from` to `to` of some arrays; texts grow longer.
Outputs rows(std::size_t from, std::size_t to) {
    std::vector<double> doubles, floats;
    std::vector<std::int64_t> integers;
    std::vector<std::string> texts;
    for (std::size_t i = from; i < to; ++i) {
        for (int k = 0; k < 6; ++k) {
            doubles.push_back(0.1 * static_cast<double>(i * i) + k);
        }
        floats.push_back(0.5 * static_cast<double>(i));
        integers.push_back(static_cast<std::int64_t>(i));
        texts.push_back("h\xc3\xa4nd " + std::string(i % 7 + i / 1000, 'x'));
    }
    const std::size_t count = to - from;
    return {{"doubles", {{{count, 2, 3}, doubles}, NpyType::Float64}},
            {"floats", {{{count}, floats}, NpyType::Float32}},
            {"integers", {{{count}, integers}, NpyType::Int32}},
            {"texts", {{{count}, texts}, NpyType::Text}}};
}

TEST(NpzRows, WritesTheBytesOfTheWholeArrays) {
    const TempFolder folder;
    const fs::path whole = folder.path() / "whole.npz", grown = folder.path() / "grown.npz";
    const Outputs last{{"meta", {{{1}, std::vector<std::string>{"{}"}}, NpyType::Text}}};
    Outputs all = rows(0, 9000);
    all.insert(last.begin(), last.end());
    write_npz(whole, all);
    const Bytes expected = read_file(whole, 1 << 24);
    for (const std::vector<std::size_t>& cuts :
         {std::vector<std::size_t>{0, 9000}, {0, 1, 1, 4000, 9000}, {0, 8999, 9000}}) {
        write_file_atomically(grown, "older");
        NpzRows file(grown);
        for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
            file.append(rows(cuts[i], cuts[i + 1]));
        }
        file.append(last);
        EXPECT_EQ(read_file(grown, 100).size(), 5u); // until it is whole, the older one stays
        file.finish();
        EXPECT_EQ(read_file(grown, 1 << 24), expected);
        EXPECT_EQ(fs::status(grown).permissions(), fs::status(whole).permissions());
    }
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 2); // nothing else is left
}

TEST(NpzRows, NoRowsAreAnArrayToo) {
    const TempFolder folder;
    NpzRows file(folder.path() / "none.npz");
    file.append(rows(0, 0));
    file.finish();
    write_npz(folder.path() / "whole.npz", rows(0, 0));
    EXPECT_EQ(read_file(folder.path() / "none.npz", 1 << 20),
              read_file(folder.path() / "whole.npz", 1 << 20));
}

TEST(NpzRows, WhatIsGivenUpLeavesNothing) {
    const TempFolder folder;
    {
        NpzRows file(folder.path() / "a.npz");
        file.append(rows(0, 5));
    }
    EXPECT_TRUE(fs::is_empty(folder.path()));
    EXPECT_THROW(NpzRows(folder.path() / "no" / "a.npz"), UserError);
    EXPECT_THROW(NpzRows{folder.path()}, UserError);
    NpzRows file(folder.path() / "a.npz");
    file.append(rows(0, 5));
    EXPECT_THROW(file.append({{"floats", {{{1}, std::vector<double>{1}}, NpyType::Float64}}}),
                 InternalError);
}

} // namespace
} // namespace rih
