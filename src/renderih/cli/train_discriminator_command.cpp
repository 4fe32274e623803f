// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
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
        std::filesystem::path out, assets;
    };
    auto flags = std::make_shared<Flags>();
    command->add_option("--out", flags->out, "weights to write (.npz)")->required();
    command->add_option("--width", flags->options.width, "units of each hidden layer")
        ->capture_default_str();
    command->add_option("--steps", flags->options.steps, "batches")->capture_default_str();
    command->add_option("--seed", flags->options.seed, "seed of every random number")
        ->capture_default_str();
    command->add_option("--assets", flags->assets, "folder of the built assets");
    command->callback([flags, &run] {
        run = [flags] {
            const DiscriminatorReport report =
                train_discriminator(flags->options, find_assets(flags->assets).path);
            report.discriminator.save(flags->out);
            fmt::print(
                "wrote {}: width {}, trained on {} shapes; on {} held-out shapes AUC {:.3f} "
                "against full offsets, {:.3f} against half; mean probability {:.2f} natural, "
                "{:.2f} augmented\n",
                flags->out.string(),
                report.discriminator.width(),
                report.shapes_trained,
                report.shapes_held_out,
                report.auc,
                report.auc_half,
                report.mean_natural,
                report.mean_augmented);
            return ExitStatus::Done;
        };
    });
}

} // namespace rih
