// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/learn/engine.h"
#include "renderih/pipeline/dataset_hands.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

namespace {

struct TrainFlags {
    std::filesystem::path config, out, init;
    std::vector<std::filesystem::path> data;
    std::vector<double> weights, fractions;
    std::string hand;
    std::uint64_t seed = 0;
    int threads = 0;
    int profile = 0;
    bool json = false;
};

/// Of each data set its own number, or one that serves all, or the default.
double number_of(const std::vector<double>& numbers, std::size_t set, double otherwise) {
    return numbers.empty() ? otherwise : numbers.size() == 1 ? numbers[0] : numbers[set];
}

ExitStatus run_train(const TrainFlags& flags, bool has_seed) {
    learn::TrainRequest request;
    if (!flags.config.empty()) {
        learn::read_toml(flags.config, request.options);
    }
    if (has_seed) {
        request.options.seed = flags.seed;
    }
    if (flags.threads > 0) {
        request.options.threads = flags.threads;
    }
    for (const std::vector<double>* numbers : {&flags.weights, &flags.fractions}) {
        RIH_REQUIRE(numbers->size() <= 1 || numbers->size() == flags.data.size(),
                    "train: {} numbers for {} data sets; give one for each, or one for all",
                    numbers->size(),
                    flags.data.size());
    }
    const learn::Engine& engine = learn::engine(); // before data are read
    for (std::size_t i = 0; i < flags.data.size(); ++i) {
        request.sources.push_back({flags.data[i],
                                   hands_of_dataset(DatasetReader(flags.data[i]), flags.hand),
                                   number_of(flags.weights, i, 0),
                                   number_of(flags.fractions, i, 1)});
    }
    if (flags.profile > 0) {
        const learn::TrainProfile profile = engine.profile_training(request, flags.profile);
        fmt::print("{}\n", flags.json ? profile.json() : profile.text());
        return ExitStatus::Done;
    }
    RIH_REQUIRE(!flags.out.empty(), "train: give the run's folder with --out");
    request.out = flags.out;
    if (!flags.init.empty()) {
        request.init = flags.init;
    }
    const learn::TrainResult result = engine.train(std::move(request));
    if (result.was_finished) {
        fmt::print("{}: finished before, at step {}; nothing was changed\n",
                   flags.out.string(),
                   result.step);
    } else {
        fmt::print("{}: {} steps in {:.0f} s; MPJPE {:.2f} mm, best {:.2f} mm (best.safetensors)\n",
                   flags.out.string(),
                   result.step,
                   result.seconds,
                   result.mpjpe_mm,
                   result.best_mpjpe_mm);
    }
    return ExitStatus::Done;
}

} // namespace

void add_train(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand("train", "Train the network TransHand on data sets");
    command->footer("The same command again goes on with a run that was interrupted.\nExample:\n"
                    "  renderih train --config configs/train/small.toml --data data --out run");
    auto flags = std::make_shared<TrainFlags>();
    add_path(*command, "--config", flags->config, "a TOML file of options (docs/training.md)");
    command->add_option("--data", flags->data, "data sets; several are mixed")
        ->required()
        ->delimiter(',');
    command
        ->add_option("--weights", flags->weights, "their shares of an epoch; 0: as many as records")
        ->delimiter(',');
    command
        ->add_option("--fractions", flags->fractions, "parts of their poses that are used, 0 .. 1")
        ->delimiter(',');
    command->add_option("--hand", flags->hand, "RIGHT,LEFT hand files, for a set made with MANO");
    add_path(*command, "--out", flags->out, "folder of the run");
    command
        ->add_option(
            "--profile", flags->profile, "measure so many steps instead, and write nothing")
        ->check(CLI::Range(1, 1000000));
    command->add_flag("--json", flags->json, "of --profile: print one JSON object");
    add_path(*command, "--init", flags->init, "a checkpoint whose weights the run begins with");
    CLI::Option* seed = add_unsigned(*command, "--seed", flags->seed, "instead of the file's");
    add_threads(*command, flags->threads);
    command->callback([flags, seed, &run] {
        run = [flags, has_seed = seed->count() > 0] { return run_train(*flags, has_seed); };
    });
}

} // namespace rih
