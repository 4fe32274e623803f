// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/experiment/run_experiment.h"

#include "renderih/base/child_process.h"
#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/json_fields.h"
#include "renderih/base/progress.h"
#include "renderih/base/sha256.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <set>

namespace rih::learn {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxText = std::uint64_t{64} << 20;
constexpr const char* kWeights = "best.safetensors"; // that `train` leaves in its folder

/// A run's name as a folder's: what is no letter or digit becomes '-'; its place keeps it unique.
std::string folder_name(const ExperimentPlan& plan, const ExperimentRun& run) {
    const auto place = std::ranges::find(plan.runs, run.name, &ExperimentRun::name);
    std::string name = fmt::format("{:02}-", place - plan.runs.begin() + 1);
    for (const char c : run.name) {
        name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
    }
    return name;
}

/// What figures depend on beside the program: the plan and the data sets.
std::string fingerprint(const ExperimentPlan& plan, const ExperimentOptions& options) {
    OrderedJson json;
    json["plan_sha256"] = sha256_hex(plan.text);
    json["scale"] = options.scale;
    for (const std::string& name : plan.set_names()) {
        if (const auto set = options.sets.find(name); set != options.sets.end()) {
            json["sets"][name] = sha256_hex(read_file(set->second / "dataset.json", kMaxText));
        }
    }
    return json.dump(1) + "\n";
}

/// Of the folder: a new one, or one that was begun with the same plan and sets.
void open_folder(const ExperimentPlan& plan, const ExperimentOptions& options) {
    const fs::path path = options.out / "experiment.json";
    const std::string wanted = fingerprint(plan, options);
    if (fs::exists(path)) {
        RIH_REQUIRE(read_text_file(path, kMaxText) == wanted,
                    "{}: was begun with another plan, scale or data sets; use a new folder",
                    options.out.string());
        return;
    }
    make_folder(options.out);
    write_file_atomically(options.out / "plan.toml", std::string_view(plan.text));
    write_file_atomically(path, std::string_view(wanted));
}

class Job {
  public:
    Job(const ExperimentPlan& plan,
        const ExperimentOptions& options,
        const RunCommand& command,
        const ExperimentRun& run,
        int seed)
        : plan_(plan), options_(options), command_(command), run_(run), seed_(seed),
          folder_(folder_of(run)) {}

    /// Trains unless that is done, judges what is not judged yet; the figures of all.
    std::vector<ExperimentFigures> finish() const {
        make_folder(folder_);
        std::vector<ExperimentFigures> figures;
        for (const std::string& set : run_.judge.empty() ? plan_.judge : run_.judge) {
            const fs::path path = folder_ / fmt::format("judged-{}.json", set);
            if (!fs::exists(path)) {
                if (!run_.mean_hand) {
                    train();
                }
                write_file_atomically(path, std::string_view(judge(set)));
            }
            for (ExperimentFigures& one : read(path, set)) {
                figures.push_back(std::move(one));
            }
        }
        return figures;
    }

  private:
    fs::path folder_of(const ExperimentRun& run) const {
        return options_.out / "runs" / folder_name(plan_, run) / fmt::format("seed-{}", seed_);
    }

    void train() const {
        if (fs::exists(folder_ / "trained")) {
            return;
        }
        const ExperimentScale& scale = plan_.scale(options_.scale);
        const fs::path base = options_.configs / (scale.train + ".toml");
        std::string text = read_text_file(base, kMaxText);
        for (const std::string& changes :
             {scale.train_toml, run_.train_toml, fmt::format("seed = {}\n", seed_)}) {
            text = merged_toml(text, changes, base.string());
        }
        const fs::path config = folder_ / "train.toml";
        write_file_atomically(config, std::string_view(text));
        std::vector<std::string> arguments{"train", "--config", config.string()};
        for (const std::string& set : run_.sets) {
            arguments.insert(arguments.end(), {"--data", options_.sets.at(set).string()});
        }
        const auto add_numbers = [&](const char* flag, const std::vector<double>& numbers) {
            if (!numbers.empty()) {
                arguments.insert(arguments.end(),
                                 {flag, fmt::format("{}", fmt::join(numbers, ","))});
            }
        };
        add_numbers("--weights", run_.weights);
        add_numbers("--fractions", run_.fractions);
        if (!run_.init.empty()) {
            const fs::path weights = folder_of(plan_.run(run_.init)) / "net" / kWeights;
            arguments.insert(arguments.end(), {"--init", weights.string()});
        }
        arguments.insert(arguments.end(), {"--out", (folder_ / "net").string()});
        add_common(arguments);
        command_(arguments);
        write_file_atomically(folder_ / "trained", std::string_view(""));
    }

    std::string judge(const std::string& set) const {
        std::vector<std::string> arguments{"eval", "--data", options_.sets.at(set).string()};
        if (run_.mean_hand) {
            const fs::path training = options_.sets.at(run_.sets[0]);
            arguments.insert(arguments.end(),
                             {"--baseline", "mean", "--training", training.string()});
        } else {
            arguments.insert(arguments.end(),
                             {"--checkpoint", (folder_ / "net" / kWeights).string()});
        }
        arguments.insert(arguments.end(),
                         {"--split", plan_.split, "--protocol", plan_.protocol, "--json"});
        add_common(arguments);
        return command_(arguments);
    }

    void add_common(std::vector<std::string>& arguments) const {
        if (!options_.hand.empty()) {
            arguments.insert(arguments.end(), {"--hand", options_.hand});
        }
        if (options_.threads > 0) {
            arguments.insert(arguments.end(), {"--threads", std::to_string(options_.threads)});
        }
    }

    std::vector<ExperimentFigures> read(const fs::path& path, const std::string& set) const {
        const OrderedJson document = parse_json(read_text_file(path, kMaxText), path.string());
        const JsonValue groups =
            JsonValue(document, path.string()).at("protocols").at(plan_.protocol);
        std::vector<ExperimentFigures> figures;
        for (const JsonValue& group : groups.elements(1, 100)) {
            const std::string name = group.at("group").text();
            if (name != "all" && !(plan_.groups && name.starts_with("mask_iou"))) {
                continue;
            }
            ExperimentFigures one{run_.name, set, name, seed_, {}};
            for (const std::string& measure : plan_.measures) {
                const JsonValue mean = group.at(measure).at("mean");
                one.values.push_back(mean.json().is_null()
                                         ? std::numeric_limits<double>::quiet_NaN()
                                         : mean.number());
            }
            figures.push_back(std::move(one));
        }
        return figures;
    }

    const ExperimentPlan& plan_;
    const ExperimentOptions& options_;
    const RunCommand& command_;
    const ExperimentRun& run_;
    int seed_;
    fs::path folder_;
};

} // namespace

RunCommand run_this_program() {
    return [](const std::vector<std::string>& arguments) {
        ChildResult result = run_child(this_program(), arguments);
        RIH_REQUIRE(result.status == 0,
                    "renderih {} ended with status {}; the same command goes on from here",
                    fmt::join(arguments, " "),
                    result.status);
        return std::move(result.output);
    };
}

std::vector<ExperimentRun> runs_with_sets(const ExperimentPlan& plan,
                                          const std::map<std::string, fs::path>& sets) {
    std::vector<ExperimentRun> runs;
    std::set<std::string> kept;
    const auto are_there = [&](const std::vector<std::string>& names) {
        return std::ranges::all_of(names, [&](const auto& name) { return sets.contains(name); });
    };
    for (const ExperimentRun& run : plan.runs) {
        if (are_there(run.sets) && are_there(run.judge.empty() ? plan.judge : run.judge) &&
            (run.init.empty() || kept.contains(run.init))) {
            kept.insert(run.name);
            runs.push_back(run);
        }
    }
    return runs;
}

std::vector<ExperimentFigures> run_experiment(const ExperimentPlan& plan,
                                              const ExperimentOptions& options,
                                              const RunCommand& command) {
    const std::vector<std::string> names = plan.set_names();
    for (const auto& [name, dir] : options.sets) {
        RIH_REQUIRE(std::ranges::find(names, name) != names.end(),
                    "the plan has no data set '{}'; it has {}",
                    printable(name, 64),
                    fmt::join(names, ", "));
    }
    const std::vector<ExperimentRun> runs = runs_with_sets(plan, options.sets);
    RIH_REQUIRE(!runs.empty(),
                "no run of the plan has its data sets; give --data NAME=DIR for {}",
                fmt::join(names, ", "));
    const int seeds = plan.scale(options.scale).seeds;
    open_folder(plan, options);
    std::vector<ExperimentFigures> figures;
    Progress progress("runs", runs.size() * static_cast<std::size_t>(seeds));
    for (int seed = 0; seed < seeds; ++seed) {
        for (const ExperimentRun& run : runs) {
            for (ExperimentFigures& one : Job(plan, options, command, run, seed).finish()) {
                figures.push_back(std::move(one));
            }
            progress.step(run.name);
        }
    }
    return figures;
}

} // namespace rih::learn
