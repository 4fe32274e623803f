// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/file.h"
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/pipeline/asset_folder.h"
#include "renderih/posing/discriminator_training.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_train_discriminator(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand(
        "train-discriminator", "Train the judge of natural poses on the open hand shapes");
    command->footer("Example:\n  renderih train-discriminator --out weights.npz --width 128");
    struct Flags {
        DiscriminatorTraining options;
        std::filesystem::path out, report, assets;
    };
    auto flags = std::make_shared<Flags>();
    command->add_option("--out", flags->out, "weights to write (.npz)")->required();
    command->add_option("--width", flags->options.width, "units of each hidden layer")
        ->capture_default_str();
    command->add_option("--steps", flags->options.steps, "batches")->capture_default_str();
    add_unsigned(*command, "--seed", flags->options.seed, "seed of every random number");
    command->add_option("--held-out", flags->options.held_out, "share of families never trained on")
        ->capture_default_str();
    command->add_option("--report", flags->report, "file for the report as JSON");
    command->add_option("--assets", flags->assets, "folder of the built assets");
    command->callback([flags, &run] {
        run = [flags] {
            const TrainedDiscriminator trained =
                train_discriminator(flags->options, find_assets(flags->assets).path);
            trained.discriminator.save(flags->out);
            if (!flags->report.empty()) {
                write_file_atomically(flags->report, std::string_view(trained.json() + "\n"));
            }
            fmt::print("wrote {}: {}", flags->out.string(), trained.text());
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
