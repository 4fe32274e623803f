// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/generate_flags.h"

#include <CLI/CLI.hpp>

namespace rih {

void add_run_flags(CLI::App& command, RunFlags& flags) {
    command.add_option("--assets",
                       flags.assets,
                       "folder of the built assets (default: $RENDERIH_ASSETS, else build/assets)");
    command.add_option("--threads", flags.threads, "threads; 0 = every core")
        ->check(CLI::NonNegativeNumber);
}

void add_posing_flags(CLI::App& command, GenerateOptions& options) {
    // Read while parsing and ahead of every other option: those given as flags then win.
    command
        .add_option_function<std::string>(
            "--config",
            [&options](const std::string& path) { read_toml(path, options); },
            "TOML file of options (docs/configuration.md)")
        ->trigger_on_parse()
        ->type_name("FILE.toml");
    command.add_option("--seed", options.seed, "seed of every random number")
        ->capture_default_str();
    command.add_option("--hand", options.hand, "open, or RIGHT,LEFT hand model files (MANO)")
        ->capture_default_str();
    command
        .add_option("--source",
                    options.posing.sources,
                    "pose sources: open, or files (MANO_NeuralAnnot JSON, poses npz)")
        ->delimiter(',');
    command
        .add_option(
            "--without",
            options.posing.without,
            "energy terms to leave out: attraction, anatomy, adversarial, penetration, self")
        ->delimiter(',');
}

} // namespace rih
