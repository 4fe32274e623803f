// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/file.h"
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/hand/hand_io.h"
#include "renderih/pipeline/asset_folder.h"
#include "renderih/posing/discriminator_training.h"
#include "renderih/posing/sources/pose_source.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

void add_train_discriminator(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand(
        "train-discriminator", "Train the judge of natural poses on the hands of pose sources");
    command->footer(
        "Use the weights with posing.discriminator (docs/configuration.md).\n"
        "Example:\n"
        "  renderih train-discriminator --out weights.npz --width 128\n"
        "  renderih train-discriminator --out weights.npz --source MANO_NeuralAnnot.json "
        "--hand MANO_RIGHT.pkl,MANO_LEFT.pkl");
    struct Flags {
        GenerateOptions options;
        DiscriminatorTraining training;
        std::filesystem::path out, report, assets;
    };
    auto flags = std::make_shared<Flags>();
    flags->options.seed = flags->training.seed;
    add_path(*command, "--out", flags->out, "weights to write (.npz)")->required();
    add_path(*command, "--report", flags->report, "file for the report as JSON");
    command->add_option("--width", flags->training.width, "units of each hidden layer")
        ->capture_default_str();
    command->add_option("--steps", flags->training.steps, "batches")->capture_default_str();
    command
        ->add_option("--held-out", flags->training.held_out, "share of families never trained on")
        ->capture_default_str();
    add_posing_flags(*command, flags->options);
    add_path(*command, "--assets", flags->assets, "folder of the built assets");
    command->callback([flags, &run] {
        run = [flags] {
            require_place_for(flags->out);
            if (!flags->report.empty()) {
                require_place_for(flags->report);
            }
            const std::filesystem::path assets = find_assets(flags->assets).path;
            const HandPair hands = load_hand_pair(flags->options.hand, assets);
            flags->training.seed = flags->options.seed;
            const TrainedDiscriminator trained =
                train_discriminator(flags->training,
                                    make_mixed_source(flags->options.posing.sources, assets, hands)
                                        ->hand_shapes(hands));
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
