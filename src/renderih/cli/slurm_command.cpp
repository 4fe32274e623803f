// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/cli/commands.h"
#include "renderih/cli/generate_flags.h"
#include "renderih/cluster/run_array.h"
#include "renderih/pipeline/provenance.h"
#include "renderih/pipeline/record_maker.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace rih {

namespace fs = std::filesystem;

namespace {

struct Flags {
    DatasetFlags dataset;
    RunFlags run;
    fs::path out;
    int jobs = 8;
    ArrayRunOptions array;
    bool dry_run = false;
    std::vector<std::string> sbatch;
};

/// The flags of `generate` as they were given.
std::vector<std::string> arguments_given(const CLI::App& command) {
    static const std::set<std::string> kOwn = {
        "out", "jobs", "retries", "poll", "dry-run", "help", "assets", "threads"};
    std::vector<std::string> arguments;
    for (const CLI::Option* option : command.get_options()) {
        if (option->count() == 0 || option->get_lnames().empty() ||
            kOwn.contains(option->get_lnames().front())) {
            continue;
        }
        arguments.push_back("--" + option->get_lnames().front());
        std::string value; // of a list, its words in one, as generate takes it
        for (const std::string& word : option->results()) {
            value += (value.empty() ? "" : ",") + word;
        }
        arguments.push_back(value);
    }
    return arguments;
}

ArrayJob make_job(const Flags& flags, const CLI::App& command, const AssetFolder& assets) {
    for (const std::string& option : flags.sbatch) {
        RIH_REQUIRE(option.size() > 2 && option.starts_with("--"),
                    "\"{}\" is no option for sbatch; write them after --, each as --NAME=VALUE",
                    option);
    }
    ArrayJob job{.data = fs::weakly_canonical(fs::absolute(flags.out)),
                 .tasks = flags.jobs,
                 .program = fs::read_symlink("/proc/self/exe"),
                 .working_folder = fs::current_path(),
                 .arguments = arguments_given(command),
                 .threads = flags.run.threads,
                 .sbatch_options = flags.sbatch};
    if (!job.data.has_filename()) { // "data/"
        job.data = job.data.parent_path();
    }
    job.arguments.insert(job.arguments.end(), {"--assets", fs::absolute(assets.path).string()});
    return job;
}

ExitStatus show(const ArrayJob& job, int max_array_size) {
    std::vector<int> tasks(static_cast<std::size_t>(job.tasks));
    std::iota(tasks.begin(), tasks.end(), 0);
    fmt::print("{}", script_text(job));
    for (const auto& [first, members] : arrays_of(tasks, max_array_size)) {
        std::string line = "#";
        for (const std::string& word : sbatch_arguments(job, first, members)) {
            line += ' ';
            line += shell_quoted(word);
        }
        fmt::print("{}\n", line);
    }
    return ExitStatus::Done;
}

ExitStatus follow(const Slurm& slurm, const ShardStore& store, const Flags& flags) {
    const ArrayRunSummary summary = run_array(slurm, store, flags.array);
    const ArrayJob& job = slurm.job();
    if (!summary.failed.empty()) {
        throw_user_error("{} of {} tasks failed {} times: {}; the log of the first, {}, ends: {}",
                         summary.failed.size(),
                         job.tasks,
                         flags.array.retries + 1,
                         number_ranges(summary.failed),
                         summary.log_of_failed.string(),
                         summary.last_words);
    }
    fmt::print("{}: finished; {} parts joined, {} tasks submitted, {} of them again\n",
               job.data.string(),
               summary.joined,
               summary.submitted,
               summary.submitted_again);
    return ExitStatus::Done;
}

} // namespace

void add_slurm(CLI::App& app, Action& run) {
    CLI::App* command = app.add_subcommand(
        "slurm", "Make a data set by a Slurm job array, and follow it to its end");
    command->footer("Example:\n  renderih slurm --out data --poses 10000 --views 10 --jobs 50 -- "
                    "--partition=cpu --cpus-per-task=16 --time=4:00:00\n"
                    "Interrupted, its tasks go on, and the same command follows them again.");
    auto flags = std::make_shared<Flags>();
    add_path(*command, "--out", flags->out, "folder of the data set, on a file system of all nodes")
        ->required();
    add_dataset_flags(*command, flags->dataset);
    command->add_option("--jobs", flags->jobs, "tasks of the array")
        ->check(CLI::Range(1, 99999))
        ->capture_default_str();
    command->add_option("--retries", flags->array.retries, "times that a task is submitted again")
        ->check(CLI::Range(0, 1000))
        ->capture_default_str();
    command
        ->add_option("--poll", flags->array.poll_seconds, "seconds between two questions to Slurm")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
    command->add_flag(
        "--dry-run", flags->dry_run, "print the script and how it would be submitted");
    command->add_option("SBATCH", flags->sbatch, "after --: options for sbatch, as --NAME=VALUE");
    add_run_flags(*command, flags->run);
    command->callback([flags, command, &run] {
        run = [flags, command] {
            const GenerateOptions options = flags->dataset.resolved();
            options.validate();
            const AssetFolder assets = find_assets(flags->run.assets);
            const int shards = DatasetPlan(options.plan_options()).shard_count();
            if (flags->jobs > shards) {
                fmt::print(
                    stderr, "renderih: there are {} shards, so {} tasks do\n", shards, shards);
                flags->jobs = shards;
            }
            const ArrayJob job = make_job(*flags, *command, assets);
            if (flags->dry_run) {
                return show(job, ask_max_array_size().value_or(kDefaultMaxArraySize));
            }
            const Slurm slurm(job);
            const RecordMaker maker(options, assets, 1);
            const ShardStore store(job.data,
                                   describe_dataset(options, assets, maker.hands(), maker.engine()),
                                   files_of_dataset(options, assets, maker.hands()));
            return follow(slurm, store, *flags);
        };
    });
}

} // namespace rih
