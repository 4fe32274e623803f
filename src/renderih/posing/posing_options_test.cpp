// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/posing_options.h"

#include "renderih/base/error.h"
#include "renderih/posing/pair_energy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

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
    // What the paper does not have is off wherever pairs can pass without it.
    for (const char* name : {"paper", "released"}) {
        const PosingOptions preset = posing_preset(name);
        EXPECT_EQ(preset.weights.self_penetration, 0);
        EXPECT_EQ(preset.max_approach, 0);
        EXPECT_EQ(preset.raw_noise_deg, 0);
        EXPECT_FALSE(preset.bring_near);
        EXPECT_FALSE(preset.augment_graded);
    }
    EXPECT_EQ(to_json(posing_preset("default")), to_json(PosingOptions{}));
    EXPECT_NE(to_json(posing_preset("released")), to_json(posing_preset("paper")));
    EXPECT_THAT(message_of([] { posing_preset("fast"); }), HasSubstr("\"fast\""));
}

TEST(PosingOptions, ComplaintsNameTheField) {
    const auto message = [](auto change) {
        return message_of([&] {
            PosingOptions options;
            change(options);
            options.validate();
        });
    };
    EXPECT_THAT(message([](PosingOptions& o) { o.iterations = -1; }),
                HasSubstr("posing.iterations"));
    EXPECT_THAT(message([](PosingOptions& o) { o.without = {"gravity"}; }), HasSubstr("gravity"));
    EXPECT_THAT(message([](PosingOptions& o) { o.sources.clear(); }), HasSubstr("posing.sources"));
    EXPECT_THAT(message([](PosingOptions& o) { o.anchor_radius = std::nan(""); }),
                HasSubstr("posing.anchor_radius"));
    EXPECT_THAT(message([](PosingOptions& o) { o.stages = {50, 1}; }), HasSubstr("triples"));
    EXPECT_THAT(message([](PosingOptions& o) { o.stages = {50, 1, 1, 40, 1, 1}; }),
                HasSubstr("must rise"));
    EXPECT_THAT(message([](PosingOptions& o) { o.max_attempts = 0; }),
                HasSubstr("posing.max_attempts"));
}

TEST(PosingOptions, StagesAreSteps) {
    const PosingOptions options = posing_preset("released");
    const auto weights = [&](int iteration) {
        return std::pair{term_weight(options, "attraction", iteration),
                         term_weight(options, "penetration", iteration) / 2.5};
    };
    EXPECT_EQ(weights(0).first, 10);
    EXPECT_EQ(weights(49).first, 10);
    EXPECT_EQ(weights(50).first, 150);
    EXPECT_EQ(weights(164).first, 1);
    EXPECT_DOUBLE_EQ(weights(164).second, 1.92);
    EXPECT_EQ(weights(214).first, 50);
    EXPECT_EQ(weights(215).first, 50); // where an optimised pair is judged
    for (int iteration = 0; iteration < 215; ++iteration) {
        const bool first = iteration == 50 || iteration == 90 || iteration == 165;
        EXPECT_EQ(options.starts_stage(iteration), first) << iteration;
        EXPECT_EQ(options.rebuilds_anchors(iteration), first || iteration == 0) << iteration;
    }
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

TEST(PosingOptions, AFileNameThatIsNoTextStillMakesJson) {
    PosingOptions options;
    options.sources = {"\xff.npz"}; // no UTF-8
    EXPECT_NE(to_json(options).find(".npz"), std::string::npos);
}

} // namespace
} // namespace rih
