// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/dataset/merge.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

namespace {

struct MergeFlags {
    std::vector<std::filesystem::path> parts;
    std::filesystem::path out;
};

} // namespace

void add_merge(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand(
        "merge", "Join folders that machines filled with --shard I/N each, checking every file");
    command->footer("Example:\n  renderih merge part0 part1 part2 --out data");
    auto flags = std::make_shared<MergeFlags>();
    command->add_option("PART", flags->parts, "the folders to join")->required();
    add_path(*command, "--out", flags->out, "the joined data set, new or begun")->required();
    command->callback([flags, &run] {
        run = [flags] {
            const MergeSummary summary = merge_datasets(flags->parts, flags->out);
            fmt::print("{}: {} shards joined, {} were there, {} are still to be made\n",
                       flags->out.string(),
                       summary.merged,
                       summary.present,
                       summary.missing);
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
