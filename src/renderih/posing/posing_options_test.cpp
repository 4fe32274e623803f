// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/posing_options.h"

#include "renderih/base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace rih {
namespace {

using testing::HasSubstr;

std::string message_of(const std::function<void()>& body) {
    try {
        body();
    } catch (const UserError& error) {
        return error.what();
    }
    return "no error";
}

TEST(PosingOptions, DefaultsAndPresetsAreValid) {
    for (const char* name : {"default", "paper", "released"}) {
        EXPECT_NO_THROW(posing_preset(name).validate()) << name;
    }
    EXPECT_EQ(posing_preset("paper").weights.self_penetration, 0);
    EXPECT_EQ(to_json(posing_preset("default")), to_json(PosingOptions{}));
    EXPECT_NE(to_json(posing_preset("released")), to_json(posing_preset("paper")));
    EXPECT_THAT(message_of([] { posing_preset("fast"); }), HasSubstr("\"fast\""));
}

TEST(PosingOptions, TomlSetsEveryKindOfField) {
    PosingOptions options;
    read_toml("iterations = 10\nanchor_radius = 0.03\nlearning_rate = 1\naugment_graded = false\n"
              "sources = [\"open\", \"a.json\"]\nwithout = [\"self\"]\npenetration_end = 5.5\n",
              options);
    EXPECT_EQ(options.iterations, 10);
    EXPECT_EQ(options.anchor_radius, 0.03);
    EXPECT_EQ(options.learning_rate, 1.0); // a whole number serves as a real one
    EXPECT_FALSE(options.augment_graded);
    EXPECT_EQ(options.sources, (std::vector<std::string>{"open", "a.json"}));
    EXPECT_EQ(options.without, (std::vector<std::string>{"self"}));
    EXPECT_EQ(options.weights.penetration_end, 5.5);
}

TEST(PosingOptions, BadTomlNamesTheField) {
    const auto message = [](const char* toml) {
        return message_of([&] {
            PosingOptions options;
            read_toml(toml, options);
        });
    };
    EXPECT_THAT(message("iteration = 10"), HasSubstr("\"iteration\""));
    EXPECT_THAT(message("iterations = \"ten\""), HasSubstr("posing.iterations"));
    EXPECT_THAT(message("iterations = -1"), HasSubstr("posing.iterations"));
    EXPECT_THAT(message("iterations = 1.5"), HasSubstr("posing.iterations"));
    EXPECT_THAT(message("without = \"self\""), HasSubstr("posing.without"));
    EXPECT_THAT(message("without = [\"gravity\"]"), HasSubstr("gravity"));
    EXPECT_THAT(message("sources = []"), HasSubstr("posing.sources"));
    EXPECT_THAT(message("anchor_radius = nan"), HasSubstr("posing.anchor_radius"));
    EXPECT_THAT(message("max_attempts = 0"), HasSubstr("posing.max_attempts"));
    EXPECT_THAT(message("iterations = "), HasSubstr("line 1"));
}

TEST(PosingOptions, EveryFieldShowsInTheJson) {
    // The fingerprint rests on it: a field that is left out of the list changes poses silently.
    PosingOptions options;
    std::string json = to_json(options);
    options.weights.adversarial += 1;
    EXPECT_NE(to_json(options), json);
    json = to_json(options);
    options.max_approach += 0.001;
    EXPECT_NE(to_json(options), json);
    json = to_json(options);
    options.shape_sd += 0.1;
    EXPECT_NE(to_json(options), json);
}

} // namespace
} // namespace rih
