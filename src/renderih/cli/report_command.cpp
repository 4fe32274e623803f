// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/pipeline/report.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_report(CLI::App& app, Action& run) {
    CLI::App* command =
        app.add_subcommand("report", "Write one self-contained page to look at a data set");
    command->footer("Example:\n  renderih report data --out report.html");
    auto options = std::make_shared<ReportOptions>();
    command->add_option("DIR", options->folder, "the data set")->required();
    command->add_option("--out", options->out, "the page to write (.html)")->required();
    command->add_option("--hand", options->hand, "RIGHT,LEFT hand files, for a set made with MANO");
    command->add_option("--pictures", options->max_pictures, "pictures to show at most")
        ->capture_default_str();
    command->add_option("--threads", options->threads, "threads; 0 = every core")
        ->check(CLI::NonNegativeNumber);
    command->callback([options, &run] {
        run = [options] {
            write_report(*options);
            fmt::print("wrote {}\n", options->out.string());
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
