// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/learn/experiment/experiment_report.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

namespace {

struct ExperimentFlags {
    std::string name;
    std::filesystem::path configs = "configs";
    std::vector<std::string> data;
    learn::ExperimentOptions options;
};

ExitStatus run_plan(ExperimentFlags flags) {
    std::filesystem::path path = flags.name;
    if (path.extension() != ".toml") {
        path = flags.configs / "experiments" / (flags.name + ".toml");
    }
    const learn::ExperimentPlan plan = learn::read_experiment(path);
    flags.options.configs = flags.configs / "train";
    for (const std::string& given : flags.data) {
        const std::size_t equals = given.find('=');
        RIH_REQUIRE(equals != std::string::npos && equals > 0 && equals + 1 < given.size(),
                    "experiment: --data {} is not NAME=DIR",
                    given);
        const auto dir = std::filesystem::absolute(given.substr(equals + 1));
        RIH_REQUIRE(flags.options.sets.emplace(given.substr(0, equals), dir).second,
                    "experiment: two data sets {}",
                    given.substr(0, equals));
    }
    const auto figures = learn::run_experiment(plan, flags.options, learn::run_this_program());
    fmt::print("{}", learn::write_experiment_report(plan, figures, flags.options.out));
    return ExitStatus::Done;
}

} // namespace

void add_experiment(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand(
        "experiment", "Train and judge the networks of one of the paper's tables");
    command->footer("Example:\n  renderih experiment table4 --data train=data --out table4\n"
                    "Interrupted: the same command again goes on.");
    auto flags = std::make_shared<ExperimentFlags>();
    command->add_option("NAME", flags->name, "a plan of configs/experiments, or a .toml file")
        ->required();
    command->add_option("--data", flags->data, "a data set of the plan: NAME=DIR; more than one")
        ->required();
    add_path(*command, "--out", flags->options.out, "folder for networks, tables and the plot")
        ->required();
    command->add_option("--scale", flags->options.scale, "how large: small (two cores) or full")
        ->capture_default_str();
    add_path(*command, "--configs", flags->configs, "the folder of configurations")
        ->capture_default_str();
    command->add_option(
        "--hand", flags->options.hand, "RIGHT,LEFT hand files, for sets made with MANO");
    add_threads(*command, flags->options.threads);
    command->callback([flags, &run] { run = [flags] { return run_plan(*flags); }; });
}

} // namespace rih
