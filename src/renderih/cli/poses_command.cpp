// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/pipeline/make_poses.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_poses(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand("poses", "Make valid two-hand poses, without pictures");
    command->footer("Example:\n  renderih poses --out poses.npz --count 100 --seed 1");
    struct Flags {
        GenerateOptions options;
        RunFlags run;
        std::filesystem::path out;
        std::uint64_t count = 0;
    };
    auto flags = std::make_shared<Flags>();
    command->add_option("--out", flags->out, "file to write (.npz)")->required();
    command->add_option("--count", flags->count, "number of pose pairs")->required();
    command
        ->add_option_function<std::string>(
            "--preset",
            [flags](const std::string& name) { flags->options.posing = posing_preset(name); },
            "paper, released or default")
        ->trigger_on_parse()
        ->type_name("NAME");
    add_posing_flags(*command, flags->options);
    add_run_flags(*command, flags->run);
    command->callback([flags, &run] {
        run = [flags] {
            const PosesSummary summary = make_poses(flags->options,
                                                    flags->count,
                                                    flags->out,
                                                    flags->run.threads,
                                                    find_assets(flags->run.assets));
            fmt::print("{}\n", summary.text());
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
