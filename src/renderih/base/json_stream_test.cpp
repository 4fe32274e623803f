// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/json_stream.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/temp_folder.h"
#include "renderih/base/testing/mutate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace rih {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class JsonStream : public testing::Test {
  protected:
    std::vector<std::string>
    elements(std::string_view text, int depth, const JsonStreamLimits& limits = {}) const {
        const auto path = folder_.path() / "x.json";
        // Without write_file_atomically's syncs, which make a thousand files take minutes.
        std::ofstream(path, std::ios::binary) << text;
        std::vector<std::string> found;
        for_each_json_element(
            path, depth, limits, [&](const JsonWay& way, const JsonValue& element) {
                found.push_back(fmt::format("{}={}", fmt::join(way, "/"), element.json().dump()));
            });
        return found;
    }
    std::string
    error_of(std::string_view text, int depth, const JsonStreamLimits& limits = {}) const {
        try {
            elements(text, depth, limits);
        } catch (const UserError& error) {
            return error.what();
        }
        return "";
    }

    TempFolder folder_;
};

constexpr std::string_view kText =
    R"({"a": {"x": [1, 2.5, {"deep": null}], "y": "t"}, "b": [true, [-3]], "c": 7})";

TEST_F(JsonStream, GivesEachElementOfADepthWithTheWayToIt) {
    EXPECT_THAT(elements(kText, 1),
                ElementsAre(R"(a={"x":[1,2.5,{"deep":null}],"y":"t"})", "b=[true,[-3]]", "c=7"));
    EXPECT_THAT(elements(kText, 2),
                ElementsAre(R"(a/x=[1,2.5,{"deep":null}])", R"(a/y="t")", "b/0=true", "b/1=[-3]"));
    EXPECT_THAT(elements(kText, 3),
                ElementsAre("a/x/0=1", "a/x/1=2.5", R"(a/x/2={"deep":null})", "b/1/0=-3"));
    EXPECT_THAT(elements("[]", 1), ElementsAre());
    EXPECT_THAT(elements("3", 1), ElementsAre());
}

TEST_F(JsonStream, NamesTheElementThatIsWrong) {
    const auto path = folder_.path() / "x.json";
    write_file_atomically(path, std::string_view(R"({"a":{"b":{"c":"no number"}}})"));
    try {
        for_each_json_element(path, 2, {}, [](const JsonWay&, const JsonValue& element) {
            element.at("c").number();
        });
        FAIL();
    } catch (const UserError& error) {
        EXPECT_THAT(error.what(), HasSubstr("x.json: a.b.c: expected a number"));
    }
}

TEST_F(JsonStream, BoundsWhatIsInMemory) {
    std::string many = "[[1";
    for (int i = 1; i < 2500; ++i) {
        many += ",1";
    }
    many += "]]";
    EXPECT_EQ(error_of(many, 1, {.max_element_values = 5000}), "");
    EXPECT_THAT(error_of(many, 1, {.max_element_values = 1000}), HasSubstr("more values"));
    EXPECT_EQ(error_of(many, 2, {.max_element_values = 1}), ""); // each is an element of its own
    EXPECT_THAT(error_of(std::string(1000, '['), 1), HasSubstr("nested deeper"));
    EXPECT_THAT(error_of("[\"" + std::string(5000, 'x') + "\"]", 1), HasSubstr("over 4096 bytes"));
    EXPECT_THAT(error_of("[1]", 1, {.max_file_bytes = 2}), HasSubstr("more than the 2"));
}

TEST_F(JsonStream, RefusesWhatIsNoJson) {
    EXPECT_THAT(error_of("{\"a\": 1", 1), HasSubstr("syntax error"));
    EXPECT_THAT(error_of("[1e999]", 1), HasSubstr("x.json"));
    EXPECT_THAT(error_of(R"([{"a":1,"a":2}])", 1), HasSubstr("given twice"));
    EXPECT_THAT(error_of("", 1), HasSubstr("syntax error"));
    for (std::uint64_t i = 0; i < 1000; ++i) {
        const Bytes damaged = mutate(as_bytes(kText), i);
        const std::string error =
            error_of({reinterpret_cast<const char*>(damaged.data()), damaged.size()}, 2);
        EXPECT_EQ(error.find('\n'), std::string::npos) << error;
    }
}

} // namespace
} // namespace rih
