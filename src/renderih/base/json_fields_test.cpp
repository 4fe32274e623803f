// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/json_fields.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/testing/mutate.h"

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rih {
namespace {

using testing::HasSubstr;

std::string error_of(const std::function<void()>& run) {
    try {
        run();
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

TEST(JsonFields, ErrorsNameSourceAndField) {
    const OrderedJson document = parse_json(R"({"a": {"b": [1, "x\ny"]}, "n": 1.5})", "f.json");
    const JsonValue root(document, "f.json");
    const auto b = root.at("a").at("b").elements(2);
    EXPECT_EQ(b[0].integer(0, 9), 1);
    EXPECT_EQ(b[1].where(), "f.json: a.b[1]");
    EXPECT_THAT(error_of([&] { b[1].text(); }), HasSubstr("f.json: a.b[1]: "));
    EXPECT_THAT(error_of([&] { b[0].number(2, 3); }), HasSubstr("a.b[0]: 1 is outside"));
    EXPECT_THAT(error_of([&] { root.at("n").integer(0, 9); }), HasSubstr("f.json: n: "));
    EXPECT_THAT(error_of([&] { root.at("n").at("m"); }), HasSubstr("expected an object"));
    EXPECT_THAT(error_of([&] { root.at("c"); }), HasSubstr("f.json: c: is missing"));
    JsonObject fields(root);
    fields.at("n");
    EXPECT_THAT(error_of([&] { fields.finish(); }), HasSubstr("unknown field 'a'"));
    fields.at("a");
    EXPECT_EQ(error_of([&] { fields.finish(); }), "");
}

TEST(JsonFields, RefusesTwiceGivenKeysDepthAndSize) {
    EXPECT_THAT(error_of([] { parse_json(R"({"a": 1, "a": 2})", "f"); }), HasSubstr("given twice"));
    const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
    EXPECT_THAT(error_of([&] { parse_json(deep, "f"); }), HasSubstr("nested deeper than 16"));
    EXPECT_THAT(error_of([] { parse_json("[1, 2]", "f", {.max_bytes = 5}); }),
                HasSubstr("6 bytes"));
    EXPECT_THAT(error_of([] { parse_json("{\"a\n\": 1}", "f"); }), HasSubstr("f: not valid JSON"));
}

TEST(JsonFields, MutatedTextsAreReadOrGiveOneLine) {
    const std::string good =
        R"({"name": "x", "list": [1, 2.5, -3e4], "deep": {"a": [true, null]}})";
    for (std::uint64_t i = 0; i < 1000; ++i) {
        const Bytes bytes = mutate(as_bytes(good), i);
        const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        const std::string error = error_of([&] { parse_json(text, "f"); });
        EXPECT_EQ(printable(error), error);
    }
}

} // namespace
} // namespace rih
