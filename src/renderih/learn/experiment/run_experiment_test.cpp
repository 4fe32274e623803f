// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/experiment/run_experiment.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/temp_folder.h"
#include "renderih/learn/experiment/experiment_report.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

namespace rih::learn {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPlan = R"(
title = "Strategies"
about = "About."
judge = ["real"]
measures = ["mpjpe_mm", "mrrpe_mm"]
[scale.small]
train = "tiny"
seeds = 2
changes.steps = 100
[[run]]
name = "mean"
mean_hand = true
sets = ["synthetic"]
[[run]]
name = "pre"
sets = ["synthetic"]
[[run]]
name = "fine tuned"
sets = ["synthetic", "real"]
weights = [1, 3]
fractions = [1, 0.05]
init = "pre"
train.net.correlation = false
[[run]]
name = "other"
sets = ["other"]
)";

/// A program that notes what it was asked and answers with made-up figures: MPJPE 10 for the mean
/// hand, else 5 and the seed.
class Program {
  public:
    RunCommand command() {
        return [this](const std::vector<std::string>& arguments) {
            calls.push_back(arguments);
            if (fail_at > 0 && static_cast<int>(calls.size()) == fail_at) {
                throw UserError("it failed");
            }
            if (arguments[0] == "train") {
                const std::filesystem::path config = value_of(arguments, "--config");
                configs.push_back(read_text_file(config, 1 << 20));
                return std::string{};
            }
            const std::string checkpoint = value_of(arguments, "--checkpoint");
            const bool mean = checkpoint.empty();
            const bool second = checkpoint.find("seed-1") != std::string::npos;
            return fmt::format(R"({{"protocols": {{"P2": [
 {{"group": "all", "mpjpe_mm": {{"mean": {}}}, "mrrpe_mm": {{"mean": null}}}},
 {{"group": "mask_iou 0.00-0.33", "mpjpe_mm": {{"mean": 1}}, "mrrpe_mm": {{"mean": 2}}}},
 {{"group": "tone tan", "mpjpe_mm": {{"mean": 1}}, "mrrpe_mm": {{"mean": 2}}}}]}}}})",
                               mean     ? 10
                               : second ? 6
                                        : 5);
        };
    }

    static std::string value_of(const std::vector<std::string>& arguments,
                                const std::string& flag) {
        const auto found = std::ranges::find(arguments, flag);
        return found == arguments.end() ? std::string{} : *(found + 1);
    }

    std::vector<std::vector<std::string>> calls;
    std::vector<std::string> configs;
    int fail_at = 0;
};

class Experiments : public testing::Test {
  protected:
    Experiments() {
        for (const char* name : {"synthetic", "real"}) {
            make_folder(folder_.path() / name);
            write_file_atomically(folder_.path() / name / "dataset.json", std::string_view(name));
            options_.sets[name] = folder_.path() / name;
        }
        make_folder(folder_.path() / "train");
        write_file_atomically(folder_.path() / "train/tiny.toml",
                              std::string_view("batch = 4\n[net]\ncorrelation = true\n"));
        options_.configs = folder_.path() / "train";
        options_.out = folder_.path() / "out";
    }

    std::vector<ExperimentFigures> run(const std::string& plan = kPlan) {
        return run_experiment(experiment_from_toml(plan, "p.toml"), options_, program_.command());
    }

    TempFolder folder_;
    ExperimentOptions options_;
    Program program_;
};

TEST_F(Experiments, AskForWhatThePlanSays) {
    const auto figures = run();
    ASSERT_EQ(figures.size(), 6U); // three runs, two seeds; "other" has no data
    ASSERT_EQ(program_.calls.size(), 2U * (1 + 2 + 2));
    const auto real = options_.sets["real"].string(),
               synthetic = options_.sets["synthetic"].string();
    EXPECT_THAT(program_.calls[0],
                ElementsAre("eval",
                            "--data",
                            real,
                            "--baseline",
                            "mean",
                            "--training",
                            synthetic,
                            "--split",
                            "test",
                            "--protocol",
                            "P2",
                            "--json"));
    const auto runs = options_.out / "runs";
    const std::string pre = (runs / "02-pre/seed-0/net/best.safetensors").string();
    EXPECT_THAT(program_.calls[2],
                ElementsAre("eval",
                            "--data",
                            real,
                            "--checkpoint",
                            pre,
                            "--split",
                            "test",
                            "--protocol",
                            "P2",
                            "--json"));
    EXPECT_THAT(program_.calls[3],
                ElementsAre("train",
                            "--config",
                            (runs / "03-fine-tuned/seed-0/train.toml").string(),
                            "--data",
                            synthetic,
                            "--data",
                            real,
                            "--weights",
                            "1,3",
                            "--fractions",
                            "1,0.05",
                            "--init",
                            pre,
                            "--out",
                            (runs / "03-fine-tuned/seed-0/net").string()));
    EXPECT_THAT(program_.configs[1], HasSubstr("steps = 100"));
    EXPECT_THAT(program_.configs[1], HasSubstr("correlation = false"));
    EXPECT_THAT(program_.configs[0], HasSubstr("correlation = true"));
    EXPECT_THAT(program_.configs[1], HasSubstr("seed = 0"));
    EXPECT_THAT(program_.configs[3], HasSubstr("seed = 1"));
}

TEST_F(Experiments, GoOnWhereTheyStopped) {
    program_.fail_at = 5; // judging the fine-tuned network of the first seed
    EXPECT_THROW(run(), UserError);
    program_.fail_at = 0;
    program_.calls.clear();
    EXPECT_EQ(run().size(), 6U);
    EXPECT_EQ(program_.calls.size(), 1U + 5);
    EXPECT_EQ(program_.calls[0][0], "eval");
    program_.calls.clear();
    EXPECT_EQ(run().size(), 6U);
    EXPECT_TRUE(program_.calls.empty());
}

TEST_F(Experiments, DoNotMixTwo) {
    run();
    EXPECT_THROW(run(std::string(kPlan) + "\n# changed"), UserError);
    write_file_atomically(folder_.path() / "real/dataset.json", std::string_view("another"));
    EXPECT_THROW(run(), UserError);
}

TEST_F(Experiments, NameSetsThatAreMissingOrUnknown) {
    options_.sets["holiday"] = options_.sets["real"];
    EXPECT_THROW(run(), UserError);
    options_.sets = {{"synthetic", options_.sets["synthetic"]}};
    EXPECT_THROW(run(), UserError); // nothing to judge on
}

TEST_F(Experiments, AreToldAsMeanAndSpread) {
    const auto figures = run();
    const ExperimentPlan plan = experiment_from_toml(kPlan, "p.toml");
    const auto rows = experiment_rows(plan, figures);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[1].run, "pre");
    EXPECT_EQ(rows[1].seeds, 2);
    EXPECT_DOUBLE_EQ(rows[1].means[0], 5.5);
    EXPECT_DOUBLE_EQ(rows[1].spreads[0], std::sqrt(0.5));
    EXPECT_TRUE(std::isnan(rows[1].means[1]));
    const std::string text = write_experiment_report(plan, figures, options_.out);
    EXPECT_THAT(text, HasSubstr("| pre | real | 2 | 5.50 +- 0.71 | - |"));
    EXPECT_THAT(text, HasSubstr("| mean | real | 2 | 10.00 +- 0.00 | - |"));
    EXPECT_THAT(text, HasSubstr("for want of their data sets:\n\n- other\n"));
    EXPECT_THAT(read_text_file(options_.out / "table.csv", 1 << 20),
                HasSubstr("pre,real,all,0,2,5.5000,0.7071,-,-\r\n"));
    EXPECT_THAT(read_text_file(options_.out / "figures.csv", 1 << 20),
                HasSubstr("pre,real,all,1,6.0000,-\r\n"));
    EXPECT_THAT(read_text_file(options_.out / "plot.svg", 1 << 20), HasSubstr("3 fine tuned"));
}

TEST_F(Experiments, ShowGroupsWhereAsked) {
    const std::string plan = "groups = true\n" + std::string(kPlan);
    const auto rows = experiment_rows(experiment_from_toml(plan, "p.toml"), run(plan));
    ASSERT_EQ(rows.size(), 6U);
    EXPECT_EQ(rows[0].group, "all");
    EXPECT_EQ(rows[1].group, "mask_iou 0.00-0.33");
    EXPECT_EQ(rows[1].means, (std::vector<double>{1, 2}));
}

// Points of a series are joined, at their places on the axis.
TEST_F(Experiments, PlotAlongAnAxis) {
    const std::string text = R"(
title = "Sizes"
x_label = "records"
judge = ["real"]
measures = ["mpjpe_mm"]
scale.small.train = "tiny"
[[run]]
name = "few"
sets = ["synthetic"]
fractions = [0.1]
x = 10
series = "size"
[[run]]
name = "many"
sets = ["synthetic"]
x = 100
series = "size"
)";
    const ExperimentPlan plan = experiment_from_toml(text, "p.toml");
    const std::string plot = experiment_plot(plan, experiment_rows(plan, run(text)));
    EXPECT_THAT(plot, HasSubstr("<polyline"));
    EXPECT_THAT(plot, HasSubstr(">records<"));
    EXPECT_THAT(plot, HasSubstr(">100<"));
    EXPECT_THAT(plot, Not(HasSubstr("nan")));
}

} // namespace
} // namespace rih::learn
