// SPDX-License-Identifier: Apache-2.0
// Slurm's commands, as far as a job array needs them: sbatch, squeue, scontrol. Accounting (sacct)
// is not asked, since many clusters have none.
#pragma once

#include "renderih/cluster/array_job.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rih {

/// A task of the job's that Slurm still has: waiting, running, or coming to its end.
struct QueuedTask {
    int task = 0;
    bool is_running = false;
    auto operator<=>(const QueuedTask&) const = default;
};

/// The tasks of `job` in squeue's answer: lines "INDEX STATE NAME".
std::set<QueuedTask> tasks_in_queue(const std::string& squeue_output, const ArrayJob& job);

/// MaxArraySize of `scontrol show config`: array indices must lie below it. Slurm's own default
/// when it does not say.
inline constexpr int kDefaultMaxArraySize = 1001;
int max_array_size(const std::string& scontrol_output);

/// The same, asked of the controller; empty when none answers, or Slurm is not installed.
std::optional<int> ask_max_array_size();

class Slurm {
  public:
    /// Throws UserError when this machine has no Slurm or its controller does not answer.
    explicit Slurm(ArrayJob job);

    const ArrayJob& job() const { return job_; }

    /// Empty when the controller does not answer, as it may for a while.
    std::optional<std::set<QueuedTask>> queue() const;

    /// Submits tasks (ascending), as many arrays as their indices need. Returns how many it could
    /// submit: less than all when the cluster takes no more for now, for the reason in `refusal`.
    std::size_t submit(const std::vector<int>& tasks, std::string& refusal) const;

    /// Where a task's output goes.
    std::filesystem::path log_of(int task) const;

  private:
    ArrayJob job_;
    int max_array_size_ = 0;
};

/// `tasks` (ascending) in pieces of one array each: the array's first task, and its tasks.
std::vector<std::pair<int, std::vector<int>>> arrays_of(const std::vector<int>& tasks,
                                                        int max_array_size);

} // namespace rih
