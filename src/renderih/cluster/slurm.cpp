// SPDX-License-Identifier: Apache-2.0
#include "renderih/cluster/slurm.h"

#include "renderih/base/error.h"
#include "renderih/cluster/process.h"

#include <unistd.h>

#include <charconv>
#include <sstream>

namespace rih {

namespace {

/// The last line with something in it: where Slurm's commands say why they failed.
std::string last_line(const std::string& text) {
    std::istringstream lines(text);
    std::string last = "it says nothing";
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty()) {
            last = line;
        }
    }
    return last;
}

ProcessResult ask_queue(const ArrayJob& job, int max_array_size) {
    std::string names;
    for (int first = 0; first < job.tasks; first += max_array_size) {
        names += first == 0 ? "" : ",";
        names += job_name(job, first);
    }
    return run_process({"squeue",
                        "--noheader",
                        "--array",
                        "--user=" + std::to_string(::getuid()),
                        "--name=" + names,
                        "--format=%K %T %j"});
}

} // namespace

std::set<QueuedTask> tasks_in_queue(const std::string& squeue_output, const ArrayJob& job) {
    std::set<QueuedTask> tasks;
    std::istringstream lines(squeue_output);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        int index = -1;
        std::string state, name;
        if (!(words >> index >> state >> name)) {
            continue; // the header of another version, a job that is no array
        }
        const int first = first_of_job_name(job, name);
        if (first >= 0 && index >= 0 && index < job.tasks - first) {
            tasks.insert({first + index, state != "PENDING"});
        }
    }
    return tasks;
}

int max_array_size(const std::string& scontrol_output) {
    std::istringstream lines(scontrol_output);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string name, equals;
        int value = 0;
        if (words >> name >> equals >> value && name == "MaxArraySize" && value > 0) {
            return value;
        }
    }
    return kDefaultMaxArraySize;
}

std::vector<std::pair<int, std::vector<int>>> arrays_of(const std::vector<int>& tasks,
                                                        int max_array_size) {
    std::vector<std::pair<int, std::vector<int>>> arrays;
    for (const int task : tasks) {
        const int first = task / max_array_size * max_array_size;
        if (arrays.empty() || arrays.back().first != first) {
            arrays.push_back({first, {}});
        }
        arrays.back().second.push_back(task);
    }
    return arrays;
}

std::optional<int> ask_max_array_size() {
    try {
        const ProcessResult config = run_process({"scontrol", "show", "config"});
        return config.status == 0 ? std::optional(max_array_size(config.output)) : std::nullopt;
    } catch (const UserError&) { // no such program
        return std::nullopt;
    }
}

Slurm::Slurm(ArrayJob job) : job_(std::move(job)) {
    const auto size = ask_max_array_size();
    RIH_REQUIRE(size,
                "no Slurm controller answers here; run this where sbatch works (scontrol ping)");
    max_array_size_ = *size;
}

std::optional<std::set<QueuedTask>> Slurm::queue() const {
    const ProcessResult answer = ask_queue(job_, max_array_size_);
    if (answer.status != 0) {
        return std::nullopt;
    }
    return tasks_in_queue(answer.output, job_);
}

std::size_t Slurm::submit(const std::vector<int>& tasks, std::string& refusal) const {
    std::size_t submitted = 0;
    for (const auto& [first, members] : arrays_of(tasks, max_array_size_)) {
        const ProcessResult answer = run_process(sbatch_arguments(job_, first, members));
        if (answer.status != 0) {
            refusal = "sbatch: " + last_line(answer.errors);
            break;
        }
        submitted += members.size();
    }
    return submitted;
}

std::filesystem::path Slurm::log_of(int task) const {
    const int first = task / max_array_size_ * max_array_size_;
    return log_path(job_, first, std::to_string(task - first));
}

} // namespace rih
