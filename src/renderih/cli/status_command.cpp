// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/dataset/status.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

namespace {

struct StatusFlags {
    std::filesystem::path folder;
    bool json = false;
};

} // namespace

void add_status(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand("status", "Say how far a data set is");
    command->footer("Example:\n  renderih status data");
    auto flags = std::make_shared<StatusFlags>();
    add_path(*command, "DIR", flags->folder, "the data set")->required();
    command->add_flag("--json", flags->json, "one JSON object instead of text");
    command->callback([flags, &run] {
        run = [flags] {
            const DatasetStatus status = dataset_status(flags->folder);
            fmt::print("{}", flags->json ? status.json() + "\n" : status.text(flags->folder));
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
