// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/report/report.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_report(CLI::App& app, Action& run) {
    CLI::App* command =
        app.add_subcommand("report", "Write one self-contained page to look at a data set");
    command->footer("Example:\n  renderih report data --out report.html");
    auto options = std::make_shared<ReportOptions>();
    add_path(*command, "DIR", options->folder, "the data set")->required();
    add_path(*command, "--out", options->out, "the page to write (.html)")->required();
    command->add_option("--hand", options->hand, "RIGHT,LEFT hand files, for a set made with MANO");
    command
        ->add_option("--pictures",
                     options->max_pictures,
                     "pictures at most, an even choice; renderih view shows them all")
        ->capture_default_str();
    command->add_flag("!--no-check",
                      options->check,
                      "do not recompute labels and checksums first (renderih verify)");
    add_threads(*command, options->threads);
    command->callback([options, &run] {
        run = [options] {
            require_place_for(options->out);
            const ReportSummary summary = write_report(*options);
            fmt::print("wrote {}: {} of {} records, {:.1f} MB\n",
                       options->out.string(),
                       summary.shown,
                       summary.records,
                       static_cast<double>(summary.bytes) / 1e6);
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
