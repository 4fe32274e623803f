// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/pipeline/inspect.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_inspect(CLI::App& app, Action& run) {
    CLI::App* command =
        app.add_subcommand("inspect", "Say in words what a data set, hand or pose file holds");
    command->footer("Example:\n  renderih inspect data");
    auto path = std::make_shared<std::filesystem::path>();
    add_path(*command, "PATH", *path, "data set folder, hand model, poses or scene file")
        ->required();
    command->callback([path, &run] {
        run = [path] {
            fmt::print("{}\n", inspect(*path));
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
