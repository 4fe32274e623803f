// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/pipeline/generate.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>

namespace rih {

namespace {

struct Flags {
    DatasetFlags dataset;
    RunFlags run;
    GenerateTarget target;
    std::string shard;
};

/// "2/8": this run does shards 2, 10, 18, ...
void set_shard(const std::string& text, GenerateTarget& target) {
    const auto slash = text.find('/');
    const auto number = [&](std::size_t begin, std::size_t end) {
        int value = 0;
        const char* last = text.data() + end;
        const auto [stop, error] = std::from_chars(text.data() + begin, last, value);
        RIH_REQUIRE(error == std::errc{} && stop == last && value >= 0,
                    "shard \"{}\" is not I/N, for example 0/4",
                    text);
        return value;
    };
    RIH_REQUIRE(slash != std::string::npos, "shard \"{}\" is not I/N, for example 0/4", text);
    target.part = number(0, slash);
    target.parts = number(slash + 1, text.size());
    RIH_REQUIRE(target.part < target.parts, "shard \"{}\": I must lie in 0 .. N-1", text);
}

} // namespace

void add_generate(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand("generate", "Make a data set, or go on with one");
    command->footer("Example:\n  renderih generate --out data --poses 100 --views 10 --seed 1\n"
                    "Interrupted, the same command again goes on where it was.");
    auto flags = std::make_shared<Flags>();
    add_path(*command, "--out", flags->target.folder, "folder of the data set")->required();
    add_dataset_flags(*command, flags->dataset);
    command->add_option(
        "--shard", flags->shard, "I/N: only every N-th shard, from I on; for job arrays");
    add_run_flags(*command, flags->run);
    command->callback([flags, &run] {
        run = [flags] {
            if (!flags->shard.empty()) {
                set_shard(flags->shard, flags->target);
            }
            flags->target.threads = flags->run.threads;
            const GenerateSummary summary =
                generate(flags->dataset.resolved(), flags->target, find_assets(flags->run.assets));
            fmt::print("{}\n", summary.text());
            return summary.records_elsewhere == 0 ? ExitStatus::Done : ExitStatus::BadInput;
        };
    });
}

} // namespace rih
