// SPDX-License-Identifier: Apache-2.0
// Makes a data set by a Slurm job array: submits what is missing, follows it, joins each part that
// is whole and submits again what failed. All that it knows lies in the folders and in Slurm's
// queue, so a run that was interrupted is taken up by the same command.
#pragma once

#include "renderih/cluster/slurm.h"
#include "renderih/dataset/shard_store.h"

#include <vector>

namespace rih {

struct ArrayRunOptions {
    int retries = 2;          ///< times that a task is submitted again
    double poll_seconds = 10; ///< between two questions to Slurm
};

struct ArrayRunSummary {
    int joined = 0;                         ///< parts, by this run
    int submitted = 0, submitted_again = 0; ///< tasks, by this run
    std::vector<int> failed;                ///< tasks that failed every time
    std::filesystem::path log_of_failed;    ///< of the first of them
    std::string last_words;                 ///< the last line of that log
};

/// `store` is the job's data set, with the settings that its arguments stand for. Throws UserError
/// when Slurm takes no task, or when another process follows this job.
ArrayRunSummary
run_array(const Slurm& slurm, const ShardStore& store, const ArrayRunOptions& options);

} // namespace rih
