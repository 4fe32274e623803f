// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/exchange/convert.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_convert(CLI::App& app, Action& run) {
    CLI::App* command =
        app.add_subcommand("convert", "Write others' data sets in the layout of ours");
    command->footer("Example:\n  renderih convert InterHand2.6M --from interhand26m --split train "
                    "--out data --mano MANO_RIGHT.pkl,MANO_LEFT.pkl\n"
                    "Interrupted, the same command goes on.");
    struct Flags {
        ConvertOptions options;
        std::string split;
        bool json = false;
    };
    auto flags = std::make_shared<Flags>();
    ConvertOptions& options = flags->options;
    add_path(*command, "SRC", options.source, "the data set, as docs/exchange.md describes it")
        ->required();
    command->add_option("--from", options.from, "its layout")
        ->required()
        ->check(CLI::IsMember(convert_formats()));
    add_path(*command, "--out", options.out, "the folder to write")->required();
    command->add_option("--split", flags->split, "which split of it, and what to call it")
        ->required()
        ->check(CLI::IsMember({"train", "val", "test"}));
    command->add_option(
        "--mano", options.mano, "RIGHT,LEFT files of MANO; without them parameters are left out");
    add_threads(*command, options.threads);
    command->add_flag("--json", flags->json, "print one JSON object instead of text");
    command->callback([flags, &run] {
        run = [flags] {
            flags->options.split = split_of_name(flags->split);
            const ConvertSummary summary = convert_dataset(flags->options);
            fmt::print("{}\n", flags->json ? summary.json() : summary.text());
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
