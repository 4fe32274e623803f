// SPDX-License-Identifier: Apache-2.0
// Held against our own parser here, and against Python's in tests/e2e/export_test.py.
#include "renderih/exchange/pickle_writer.h"

#include "renderih/base/error.h"
#include "renderih/hand/pickle_arrays.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

TEST(PickleWriter, WritesWhatTheParserReads) {
    PickleWriter out;
    out.begin_dict();
    out.key("none"), out.none();
    out.key("truth"), out.value(true);
    out.key("number"), out.value(std::int64_t{-70000});
    out.key("real"), out.value(-1.5);
    out.key("text"), out.value(std::string_view("a\n'\xc3\xa9"));
    out.key("list"), out.begin_list(), out.value(std::int64_t{1}), out.end_list();
    out.key("empty"), out.begin_dict(), out.end_dict();
    const std::vector<double> values{1, 2, 3, 4, 5, 0.1};
    out.key("float32"), out.array({2, 3}, values);
    out.key("float64"), out.array({6}, values, NpyType::Float64);
    out.end_dict();
    const Bytes bytes = out.take();

    const Pickle pickle = parse_pickle(bytes, "x");
    const auto node = [&](const char* key) -> const PickleNode& {
        return pickle[pickle.find(pickle.root, key).value()];
    };
    EXPECT_EQ(node("none").kind, PickleNode::Kind::None);
    EXPECT_EQ(node("truth").integer, 1);
    EXPECT_EQ(node("number").integer, -70000);
    EXPECT_EQ(node("real").number, -1.5);
    EXPECT_EQ(node("list").items.size(), 1u);
    EXPECT_TRUE(node("empty").items.empty());
    std::uint64_t left = 1000;
    const auto array = [&](const char* key) {
        return array_of_pickle(pickle, pickle.find(pickle.root, key).value(), key, "x", left);
    };
    EXPECT_EQ(array("float32").shape, (std::vector<std::size_t>{2, 3}));
    EXPECT_EQ(array("float32").as_double()[5], double{0.1F});
    EXPECT_EQ(array("float64").as_double(), values);
}

TEST(PickleWriter, AsksForNothingButNumpy) {
    PickleWriter out;
    out.begin_object_array();
    out.begin_dict();
    out.key("a"), out.value(2.0);
    out.end_dict();
    out.end_object_array();
    const Bytes file = npy_of_object(out.take());
    const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
    EXPECT_TRUE(text.starts_with("\x93NUMPY"));
    EXPECT_NE(text.find("'descr': '|O'"), std::string_view::npos);
    const std::size_t begin = text.find("\x80\x03");
    ASSERT_NE(begin, std::string_view::npos);
    EXPECT_NO_THROW(parse_pickle(std::span(file).subspan(begin), "x")); // its classes are ours
}

} // namespace
} // namespace rih
