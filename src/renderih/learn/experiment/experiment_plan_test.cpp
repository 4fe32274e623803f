// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/experiment/experiment_plan.h"

#include "renderih/base/error.h"
#include "renderih/base/testing/mutate.h"

#include <gmock/gmock.h>

namespace rih::learn {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kPlan = R"(
title = "Strategies"
about = "Fig. 13"
judge = ["real"]
[scale.small]
train = "small"
seeds = 2
changes.steps = 100
[scale.full]
train = "paper"
[[run]]
name = "mean"
mean_hand = true
sets = ["real"]
[[run]]
name = "synthetic"
sets = ["synthetic"]
[[run]]
name = "fine-tuned"
sets = ["real"]
fractions = [0.01]
init = "synthetic"
x = 1
series = "fine-tuned"
train.net.correlation = false
train.schedule.learning_rate = 3e-5
)";

std::string with(std::string from, const std::string& to) {
    std::string text = kPlan;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

std::string complaint(const std::string& text) {
    try {
        experiment_from_toml(text, "p.toml");
    } catch (const UserError& error) {
        return error.what();
    }
    return "no complaint";
}

TEST(ExperimentPlan, IsRead) {
    const ExperimentPlan plan = experiment_from_toml(kPlan, "p.toml");
    EXPECT_EQ(plan.title, "Strategies");
    EXPECT_EQ(plan.scale("small").seeds, 2);
    EXPECT_EQ(plan.scale("full").seeds, 1);
    EXPECT_THAT(plan.scale("small").train_toml, HasSubstr("steps = 100"));
    ASSERT_EQ(plan.runs.size(), 3U);
    EXPECT_TRUE(plan.runs[0].mean_hand);
    EXPECT_EQ(plan.runs[2].init, "synthetic");
    EXPECT_EQ(plan.runs[2].x, 1);
    EXPECT_THAT(plan.runs[2].fractions, ElementsAre(0.01));
    EXPECT_THAT(plan.set_names(), ElementsAre("real", "synthetic"));
    EXPECT_THROW(plan.scale("huge"), UserError);
}

TEST(ExperimentPlan, NamesWhatIsWrong) {
    EXPECT_EQ(complaint(kPlan), "no complaint");
    EXPECT_THAT(complaint("title = "), HasSubstr("p.toml:1"));
    EXPECT_THAT(complaint(with("about", "abuot")), HasSubstr("no option \"abuot\""));
    EXPECT_THAT(complaint(with("seeds = 2", "seeds = 0")), HasSubstr("seeds is 0"));
    EXPECT_THAT(complaint(with("seeds = 2", "seeds = \"2\"")),
                HasSubstr("seeds has the wrong type"));
    EXPECT_THAT(complaint(with("train = \"small\"", "train = \"../../x\"")), HasSubstr("no name"));
    EXPECT_THAT(complaint(with("[0.01]", "[0.0]")), HasSubstr("fraction 0 is not"));
    EXPECT_THAT(complaint(with("[0.01]", "[0.01, 1.0]")), HasSubstr("2 fractions for 1 sets"));
    EXPECT_THAT(complaint(with("init = \"synthetic\"", "init = \"later\"")), HasSubstr("'later'"));
    EXPECT_THAT(complaint(with("init = \"synthetic\"", "init = \"mean\"")),
                HasSubstr("no network"));
    EXPECT_THAT(complaint(with("\"fine-tuned\"", "\"synthetic\"")), HasSubstr("two runs"));
    EXPECT_THAT(complaint(with("judge = [\"real\"]", "")), HasSubstr("judged on nothing"));
    EXPECT_THAT(complaint(with("judge = [\"real\"]", "judge = [\"../real\"]")),
                HasSubstr("'../real' is no name"));
    EXPECT_THAT(complaint(with("about", "protocol = \"P9\"\nabout")), HasSubstr("P9"));
    EXPECT_THAT(complaint(with("about", "measures = [\"speed\"]\nabout")), HasSubstr("speed"));
}

TEST(ExperimentPlan, SurvivesDamage) {
    const std::string text = kPlan;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        const Bytes damaged = mutate(as_bytes(text), i);
        try {
            experiment_from_toml(std::string(damaged.begin(), damaged.end()), "p.toml");
        } catch (const UserError&) {
            continue;
        }
    }
}

// Changes go into tables that are there, and leave their other values alone.
TEST(MergedToml, ReplacesValueByValue) {
    const std::string merged =
        merged_toml("batch = 8\n[net]\ncorrelation = true\nimage_size = 128\n",
                    "seed = 3\n[net]\ncorrelation = false\n[loss]\na = 1\n",
                    "t.toml");
    EXPECT_THAT(merged, HasSubstr("batch = 8"));
    EXPECT_THAT(merged, HasSubstr("seed = 3"));
    EXPECT_THAT(merged, HasSubstr("correlation = false"));
    EXPECT_THAT(merged, HasSubstr("image_size = 128"));
    EXPECT_THAT(merged, HasSubstr("[loss]"));
    EXPECT_EQ(merged.find("correlation = true"), std::string::npos);
    EXPECT_THROW(merged_toml("batch = ", "", "t.toml"), UserError);
}

} // namespace
} // namespace rih::learn
