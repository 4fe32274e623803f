// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/dataset/repair.h"
#include "renderih/pipeline/verify.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_verify(CLI::App& app, Action& run) {
    CLI::App* command =
        app.add_subcommand("verify", "Recompute every label and checksum of a data set");
    command->footer("Example:\n  renderih verify data\n"
                    "Status 1 and a list when anything is off.");
    struct Flags {
        VerifyOptions options;
        bool json = false, repair = false;
    };
    auto flags = std::make_shared<Flags>();
    add_path(*command, "DIR", flags->options.folder, "the data set")->required();
    add_threads(*command, flags->options.threads);
    command->add_option(
        "--hand", flags->options.hand, "RIGHT,LEFT hand files, for a set made with MANO");
    command->add_flag("--json", flags->json, "print one JSON object instead of text");
    command->add_flag("--repair",
                      flags->repair,
                      "take damaged shards out of the manifest, so that the command that began the "
                      "set makes them again");
    command->callback([flags, &run] {
        run = [flags] {
            const VerifySummary summary = verify(flags->options);
            fmt::print("{}\n", flags->json ? summary.json() : summary.text());
            if (flags->repair) {
                const auto shards =
                    forget_damaged_shards(flags->options.folder, summary.findings).size();
                fmt::print(stderr,
                           "renderih: {} damaged shards are out of the manifest; the command that "
                           "began the set makes them again\n",
                           shards);
            }
            return summary.findings.empty() ? ExitStatus::Done : ExitStatus::BadInput;
        };
    });
}

} // namespace rih
