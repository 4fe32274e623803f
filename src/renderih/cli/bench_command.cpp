// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/pipeline/bench.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_bench(CLI::App& app, Action& run) {
    CLI::App* command =
        app.add_subcommand("bench", "Measure speed: poses, render, curve or pipeline");
    command->footer("Example:\n  renderih bench render --json");
    struct Flags {
        std::string what;
        BenchOptions options;
        RunFlags run;
        std::string size;
        bool json = false;
    };
    auto flags = std::make_shared<Flags>();
    command
        ->add_option("WHAT", flags->what, "poses, render, curve (error over seconds) or pipeline")
        ->required()
        ->check(CLI::IsMember({"poses", "render", "curve", "pipeline"}));
    command
        ->add_option(
            "--count", flags->options.count, "pose pairs or pictures (pipeline: whole poses)")
        ->capture_default_str();
    command->add_option("--spp", flags->options.generate.image.spp, "samples a pixel")
        ->capture_default_str();
    command
        ->add_option("--reference-spp",
                     flags->options.curve_spp,
                     "samples of the picture curve compares with")
        ->capture_default_str();
    command->add_flag("--curve",
                      flags->options.curve,
                      "render: and the error over seconds, which takes some minutes");
    command->add_option("--views", flags->options.generate.views, "pictures of each pose")
        ->capture_default_str();
    command->add_option("--size", flags->size, "WIDTHxHEIGHT in pixels (default 512x334)");
    command->add_flag("--json", flags->json, "print one JSON object instead of text");
    // Making places is not what is measured.
    flags->options.generate.image.places = 0;
    add_posing_flags_with_preset(*command, flags->options.generate);
    add_run_flags(*command, flags->run);
    command->callback([flags, &run] {
        run = [flags] {
            if (!flags->size.empty()) {
                set_size(flags->size, flags->options.generate.image);
            }
            flags->options.threads = flags->run.threads;
            const BenchResult result =
                bench(flags->what, flags->options, find_assets(flags->run.assets));
            fmt::print("{}\n", flags->json ? result.json() : result.text());
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
