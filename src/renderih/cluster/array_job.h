// SPDX-License-Identifier: Apache-2.0
// `renderih generate` as a Slurm job array: task I of N is `--shard I/N` into a folder of its own,
// so that nodes need not share locks, only files. This is the text of it; slurm.h talks to Slurm.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace rih {

struct ArrayJob {
    std::filesystem::path data = {}; ///< the data set, absolute
    int tasks = 1;
    std::filesystem::path program = {}, working_folder = {}; ///< absolute, the same on every node
    /// Of `renderih generate`, less --out, --shard and --threads.
    std::vector<std::string> arguments = {};
    int threads = 0;                              ///< of a task; 0: as many CPUs as Slurm gives it
    std::vector<std::string> sbatch_options = {}; ///< "--partition=cpu", ...
};

/// Beside the data set: the script, the tasks' folders and their logs.
std::filesystem::path work_folder(const ArrayJob& job);
std::filesystem::path script_path(const ArrayJob& job);
/// The data set that task `task` makes: parts/00003-of-00008.
std::filesystem::path part_folder(const ArrayJob& job, int task);

/// The name that the job's tasks have in Slurm's queue: one for each data set, so that the queue
/// itself says which are there, also to a run that did not submit them. An index of an array
/// counts from `first`.
std::string job_name(const ArrayJob& job, int first);
/// The array's first task of a name; -1 when it is no name of this job.
int first_of_job_name(const ArrayJob& job, const std::string& name);

/// The batch script; its one argument is the array's first task.
std::string script_text(const ArrayJob& job);

/// Where the output of index `index` of the array that begins with `first` is appended.
std::filesystem::path log_path(const ArrayJob& job, int first, const std::string& index);

/// The arguments of one sbatch that submits `tasks` (ascending, all in the array that begins with
/// `first`).
std::vector<std::string>
sbatch_arguments(const ArrayJob& job, int first, const std::vector<int>& tasks);

/// "0-3,7,9-10" of ascending numbers.
std::string number_ranges(const std::vector<int>& numbers);

/// The text as one word of a POSIX shell.
std::string shell_quoted(const std::string& text);

} // namespace rih
