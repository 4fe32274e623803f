// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/exchange/export.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_export(CLI::App& app, Action& run) {
    CLI::App* command =
        app.add_subcommand("export", "Write a data set in a layout that others' loaders read");
    command->footer("Example:\n  renderih export data --format coco --out data_coco");
    auto options = std::make_shared<ExportOptions>();
    add_path(*command, "DIR", options->folder, "the data set")->required();
    command->add_option("--format", options->format, "the layout; docs/exchange.md tells them")
        ->required()
        ->check(CLI::IsMember(export_formats()));
    add_path(*command, "--out", options->out, "the folder to write, which must be new")->required();
    command->add_option("--hand", options->hand, "RIGHT,LEFT hand files, for a set made with MANO");
    command->callback([options, &run] {
        run = [options] {
            const ExportCounts counts = export_dataset(*options);
            fmt::print(
                "{}: {} records as {}\n", options->out.string(), counts.records, options->format);
            if (counts.hands_left_out > 0) {
                fmt::print("{} hands without a visible pixel are left out\n",
                           counts.hands_left_out);
            }
            if (counts.hands_without_mano > 0) {
                fmt::print("{} hands have no MANO parameters there: of a left hand mirrored, which "
                           "the right hand's model does not fit\n",
                           counts.hands_without_mano);
            }
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
