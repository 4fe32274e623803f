// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/study/study.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_study(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand(
        "study", "Ablations and statistics of poses and pictures, as tables and pictures");
    std::string footer = "Studies:\n";
    for (const std::string& name : study_names()) {
        footer += fmt::format("  {:12} {}\n", name, study_summary(name));
    }
    command->footer(footer + "Example:\n  renderih study ablation --count 200 --out study");
    struct Flags {
        std::string name;
        StudyOptions options;
        RunFlags run;
    };
    auto flags = std::make_shared<Flags>();
    command->add_option("NAME", flags->name, "the study")
        ->required()
        ->check(CLI::IsMember(study_names()));
    command->add_option("--out", flags->options.out, "folder for tables and pictures")->required();
    add_unsigned(*command, "--count", flags->options.count, "pose pairs");
    add_path(*command,
             "--data",
             flags->options.data,
             "of images: a data set or a folder of .jpg and .png pictures");
    add_posing_flags_with_preset(*command, flags->options.generate);
    add_run_flags(*command, flags->run);
    command->callback([flags, &run] {
        run = [flags] {
            flags->options.threads = flags->run.threads;
            fmt::print("{}",
                       run_study(flags->name, flags->options, find_assets(flags->run.assets)));
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
