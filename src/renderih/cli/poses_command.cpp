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
    add_path(*command, "--out", flags->out, "file to write (.npz)")->required();
    add_unsigned(*command, "--count", flags->count, "number of pose pairs")->required();
    add_posing_flags_with_preset(*command, flags->options);
    add_run_flags(*command, flags->run);
    command->callback([flags, &run] {
        run = [flags] {
            require_place_for(flags->out);
            note_mirrored_hand(flags->options.hand);
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
