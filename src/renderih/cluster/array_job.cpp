// SPDX-License-Identifier: Apache-2.0
#include "renderih/cluster/array_job.h"

#include "renderih/base/error.h"
#include "renderih/base/sha256.h"

#include <charconv>

namespace rih {

namespace fs = std::filesystem;

namespace {

std::string prefix_of(const ArrayJob& job) {
    return "renderih-" + sha256_hex(job.data.string()).substr(0, 12) + "-";
}

} // namespace

fs::path work_folder(const ArrayJob& job) {
    fs::path folder = job.data;
    folder += ".slurm";
    return folder;
}

fs::path script_path(const ArrayJob& job) {
    return work_folder(job) / "job.sh";
}

fs::path part_folder(const ArrayJob& job, int task) {
    return work_folder(job) / "parts" / fmt::format("{:05}-of-{:05}", task, job.tasks);
}

fs::path log_path(const ArrayJob& job, int first, const std::string& index) {
    return work_folder(job) / "logs" / fmt::format("{}_{}.log", first, index);
}

std::string job_name(const ArrayJob& job, int first) {
    return prefix_of(job) + std::to_string(first);
}

int first_of_job_name(const ArrayJob& job, const std::string& name) {
    const std::string prefix = prefix_of(job);
    if (!name.starts_with(prefix)) {
        return -1;
    }
    int first = -1;
    const char* end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data() + prefix.size(), end, first);
    return error == std::errc{} && stop == end ? first : -1;
}

std::string shell_quoted(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted + "'";
}

std::string script_text(const ArrayJob& job) {
    std::string arguments;
    for (const std::string& argument : job.arguments) {
        arguments += ' ';
        arguments += shell_quoted(argument);
    }
    const std::string threads =
        job.threads > 0 ? std::to_string(job.threads) : "\"${SLURM_CPUS_PER_TASK:-1}\"";
    return fmt::format("#!/bin/sh\n"
                       "# Written by renderih slurm. Task I of {} makes its part of {}.\n"
                       "set -eu\n"
                       "cd {}\n"
                       "task=$(($1 + ${{SLURM_ARRAY_TASK_ID:?this is a task of a job array}}))\n"
                       "part=$(printf '%05d-of-{:05}' \"$task\")\n"
                       "exec {} generate --out {}/\"$part\" --shard \"$task/{}\" --threads {}{}\n",
                       job.tasks,
                       printable(job.data.string()),
                       shell_quoted(job.working_folder.string()),
                       job.tasks,
                       shell_quoted(job.program.string()),
                       shell_quoted((work_folder(job) / "parts").string()),
                       job.tasks,
                       threads,
                       arguments);
}

std::string number_ranges(const std::vector<int>& numbers) {
    std::string text;
    for (std::size_t i = 0; i < numbers.size();) {
        std::size_t last = i;
        while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) {
            ++last;
        }
        text += fmt::format("{}{}", text.empty() ? "" : ",", numbers[i]);
        if (last > i) {
            text += fmt::format("-{}", numbers[last]);
        }
        i = last + 1;
    }
    return text;
}

std::vector<std::string>
sbatch_arguments(const ArrayJob& job, int first, const std::vector<int>& tasks) {
    std::vector<int> indices;
    for (const int task : tasks) {
        indices.push_back(task - first);
    }
    // Of an option that is given twice the last counts: what following depends on stands last.
    std::vector<std::string> arguments = {"sbatch"};
    arguments.insert(arguments.end(), job.sbatch_options.begin(), job.sbatch_options.end());
    std::string log; // where a % of the path itself must not mean anything to Slurm
    for (const char c : log_path(job, first, "").parent_path().string()) {
        log += c == '%' ? std::string("%%") : std::string(1, c);
    }
    log += '/';
    log += log_path(job, first, "%a").filename().string();
    arguments.insert(arguments.end(),
                     {"--parsable",
                      "--job-name=" + job_name(job, first),
                      "--array=" + number_ranges(indices),
                      "--output=" + log,
                      "--error=" + log,
                      "--open-mode=append",
                      script_path(job).string(),
                      std::to_string(first)});
    return arguments;
}

} // namespace rih
