// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/report/view.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>

namespace rih {

void add_view(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand(
        "view", "Show a data set of any size in the browser, read as it is looked at");
    command->footer("Example:\n  renderih view data");
    auto options = std::make_shared<ViewOptions>();
    add_path(*command, "DIR", options->folder, "the data set")->required();
    command->add_option("--port", options->port, "of 127.0.0.1; 0: any that is free")
        ->capture_default_str();
    command->add_option("--hand", options->hand, "RIGHT,LEFT hand files, for a set made with MANO");
    add_threads(*command, options->threads);
    command->callback([options, &run] {
        run = [options] {
            ViewServer server(*options);
            fmt::print("{} shows {}; Ctrl-C ends it\n", server.address(), options->folder.string());
            std::fflush(stdout); // whoever waits for the address
            server.run();
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
