// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/learn/engine.h"
#include "renderih/learn/evaluation/evaluate.h"
#include "renderih/learn/evaluation/mean_hand.h"
#include "renderih/pipeline/dataset_hands.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rih {

namespace {

struct EvalFlags {
    std::filesystem::path data, predictions, checkpoint, training;
    std::string baseline, split = "test", hand;
    std::vector<std::string> protocols = {"P1", "P2", "P3", "P4", "P5"};
    std::vector<double> iou_edges = learn::SummaryOptions{}.mask_iou_edges;
    bool partial = false, json = false;
    int threads = 0;
};

ExitStatus run_eval(const EvalFlags& flags) {
    learn::EvaluationOptions options;
    for (const std::string& name : flags.protocols) {
        options.protocols.push_back(learn::protocol_of_name(name));
    }
    options.summary.mask_iou_edges = flags.iou_edges;
    options.summary.validate();
    options.partial = flags.partial;
    options.threads = flags.threads;
    const HandPair hands = hands_of_dataset(DatasetReader(flags.data), flags.hand);
    const learn::RecordSource judged(flags.data, hands, split_of_name(flags.split));
    learn::PredictionSet predictions;
    if (!flags.checkpoint.empty()) {
        predictions = learn::engine().predict_dataset(
            {.checkpoint = flags.checkpoint, .source = &judged, .threads = flags.threads});
    } else if (flags.baseline.empty()) {
        predictions = learn::read_predictions(flags.predictions);
    } else {
        const std::filesystem::path& dir = flags.training.empty() ? flags.data : flags.training;
        const learn::RecordSource training(
            dir, hands_of_dataset(DatasetReader(dir), flags.hand), Split::Train);
        predictions = learn::predict_mean_hands(learn::mean_hands(training, flags.threads), judged);
    }
    const learn::EvaluationReport report = learn::evaluate(judged, predictions, options);
    fmt::print("{}\n", flags.json ? report.json() : report.text());
    return ExitStatus::Done;
}

} // namespace

void add_eval(CLI::App& app, Action& run) {
    CLI::App* command =
        app.add_subcommand("eval", "Judge predicted hands against the labels of a data set");
    std::string footer = "Protocols:\n";
    for (const learn::Protocol& protocol : learn::protocols()) {
        footer += fmt::format("  {} {}\n", protocol.name, protocol.summary);
    }
    command->footer(footer + "Example:\n  renderih eval --predictions mine.npz --data data "
                             "--protocol P1,P2 --json");
    auto flags = std::make_shared<EvalFlags>();
    add_path(*command, "--data", flags->data, "the data set")->required();
    CLI::App* judged = command->add_option_group("what is judged");
    judged->require_option(1);
    add_path(*judged,
             "--predictions",
             flags->predictions,
             "of any program; docs/training.md has the format");
    add_path(*judged,
             "--checkpoint",
             flags->checkpoint,
             "of renderih train: its network predicts, and is judged");
    judged
        ->add_option("--baseline",
                     flags->baseline,
                     "judge the mean of a training split's hands instead: mean")
        ->check(CLI::IsMember({"mean"}));
    add_path(*command, "--training", flags->training, "the set of the mean hands; else --data");
    command->add_option("--split", flags->split, "whose records are judged")
        ->check(CLI::IsMember({"train", "val", "test"}))
        ->capture_default_str();
    command->add_option("--protocol", flags->protocols, "P1 to P5, one or more")->delimiter(',');
    command->add_option("--iou-edges", flags->iou_edges, "borders of the groups of mask IoU")
        ->delimiter(',');
    command->add_option("--hand", flags->hand, "RIGHT,LEFT hand files, for a set made with MANO");
    command->add_flag("--partial", flags->partial, "judge the records that have a prediction");
    command->add_flag("--json", flags->json, "print one JSON object");
    add_threads(*command, flags->threads);
    command->callback([flags, &run] { run = [flags] { return run_eval(*flags); }; });
}

} // namespace rih
