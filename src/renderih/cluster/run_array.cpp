// SPDX-License-Identifier: Apache-2.0
#include "renderih/cluster/run_array.h"

#include "renderih/base/error.h"
#include "renderih/dataset/file_lock.h"
#include "renderih/dataset/merge.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <thread>

namespace rih {

namespace fs = std::filesystem;

namespace {

// A controller that restarts is away for minutes.
constexpr int kMaxSilentPolls = 60;

/// The tasks whose shards are not all in the data set.
std::set<int> open_tasks(const ArrayJob& job, const ShardStore& store) {
    const std::vector<ShardId> pending = store.pending();
    const std::set<ShardId> missing(pending.begin(), pending.end());
    std::set<int> open;
    for (int task = 0; task < job.tasks; ++task) {
        const std::vector<ShardId> shards = store.plan().shards_of_part(task, job.tasks);
        if (std::ranges::any_of(shards, [&](const ShardId& s) { return missing.contains(s); })) {
            open.insert(task);
        }
    }
    return open;
}

/// Whether a task has made every shard of its part.
bool is_whole(const ArrayJob& job, const ShardStore& store, int task) {
    const fs::path part = part_folder(job, task);
    // Opening a folder makes network file systems look whether what they remember is still true.
    std::error_code error;
    const fs::directory_iterator refresh(part, error);
    if (error || !fs::exists(part / "dataset.json")) {
        return false;
    }
    std::set<ShardId> made;
    for (const ManifestRow& row : read_manifest(part)) {
        made.insert(row.shard);
    }
    return std::ranges::all_of(store.plan().shards_of_part(task, job.tasks),
                               [&](const ShardId& shard) { return made.contains(shard); });
}

void check_parts_have_this_count(const ArrayJob& job) {
    std::error_code error;
    for (const fs::directory_entry& entry :
         fs::directory_iterator(work_folder(job) / "parts", error)) {
        const std::string name = entry.path().filename().string();
        const std::string count = fmt::format("-of-{:05}", job.tasks);
        RIH_REQUIRE(name.ends_with(count),
                    "{}: was made by another number of jobs; use that number again, or remove the "
                    "folder",
                    entry.path().string());
    }
}

std::string last_line_of(const fs::path& log) {
    std::string last;
    try {
        const std::string text = read_text_file(log, std::uint64_t{64} << 20);
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            if (end > begin) {
                last = text.substr(begin, end - begin);
            }
            begin = end + 1;
        }
    } catch (const UserError&) {
        return "it left no log";
    }
    return printable(last, 512);
}

/// A line on standard error whenever something has changed.
class Report {
  public:
    void show(std::size_t joined, int tasks, std::size_t running, std::size_t waiting) {
        const std::string line = fmt::format("slurm: {} of {} parts joined, {} running, {} waiting",
                                             joined,
                                             tasks,
                                             running,
                                             waiting);
        if (line != last_) {
            fmt::print(stderr, "{}\n", line);
            last_ = line;
        }
    }

  private:
    std::string last_;
};

class ArrayRun {
  public:
    ArrayRun(const Slurm& slurm, const ShardStore& store, const ArrayRunOptions& options)
        : job_(slurm.job()), store_(store), options_(options), slurm_(slurm),
          open_(open_tasks(job_, store)) {}

    ArrayRunSummary follow() {
        while (!open_.empty()) {
            const auto queue = slurm_.queue();
            RIH_REQUIRE(queue || ++silent_polls_ < kMaxSilentPolls,
                        "Slurm's controller has not answered {} times; the tasks go on, and the "
                        "same command follows them again",
                        kMaxSilentPolls);
            if (queue) {
                silent_polls_ = 0;
                if (!step(*queue)) {
                    break;
                }
            }
            if (!open_.empty()) {
                std::this_thread::sleep_for(std::chrono::duration<double>(options_.poll_seconds));
            }
        }
        if (!summary_.failed.empty()) {
            summary_.log_of_failed = slurm_.log_of(summary_.failed.front());
            summary_.last_words = last_line_of(summary_.log_of_failed);
        }
        return summary_;
    }

  private:
    /// Joins, submits; false when nothing is left that could change.
    bool step(const std::set<QueuedTask>& queue) {
        std::set<int> queued;
        std::size_t running = 0;
        for (const QueuedTask& task : queue) {
            queued.insert(task.task);
            running += task.is_running ? 1 : 0;
        }
        std::vector<int> missing;
        for (const int task : std::vector<int>(open_.begin(), open_.end())) {
            if (queued.contains(task)) {
                continue;
            }
            if (is_whole(job_, store_, task)) {
                join(task);
            } else if (attempts_[task] <= options_.retries) {
                missing.push_back(task);
            } else if (!std::ranges::count(summary_.failed, task)) {
                summary_.failed.push_back(task);
            }
        }
        submit(missing, !queued.empty());
        report_.show(static_cast<std::size_t>(job_.tasks) - open_.size(),
                     job_.tasks,
                     running,
                     queued.size() - running + missing.size());
        return !queued.empty() || !missing.empty();
    }

    void join(int task) {
        const fs::path part = part_folder(job_, task);
        merge_datasets({part}, job_.data, {.hard_links = true});
        fs::remove_all(part);
        open_.erase(task);
        ++summary_.joined;
    }

    void submit(const std::vector<int>& tasks, bool others_are_queued) {
        if (tasks.empty()) {
            return;
        }
        std::string refusal;
        const std::size_t submitted = slurm_.submit(tasks, refusal);
        // A cluster that takes only so many tasks at a time takes the rest later.
        RIH_REQUIRE(submitted > 0 || others_are_queued,
                    "Slurm takes no task: {}; {} is the script",
                    refusal,
                    script_path(job_).string());
        for (std::size_t i = 0; i < submitted; ++i) {
            summary_.submitted_again += attempts_[tasks[i]]++ > 0 ? 1 : 0;
        }
        summary_.submitted += static_cast<int>(submitted);
    }

    const ArrayJob& job_;
    const ShardStore& store_;
    ArrayRunOptions options_;
    const Slurm& slurm_;
    std::set<int> open_;
    std::map<int, int> attempts_;
    int silent_polls_ = 0;
    Report report_;
    ArrayRunSummary summary_;
};

} // namespace

ArrayRunSummary
run_array(const Slurm& slurm, const ShardStore& store, const ArrayRunOptions& options) {
    const ArrayJob& job = slurm.job();
    RIH_REQUIRE(options.retries >= 0, "retries is {}; it must be 0 or more", options.retries);
    RIH_REQUIRE(
        options.poll_seconds > 0, "poll is {} s; it must be more than 0", options.poll_seconds);
    make_folder(work_folder(job) / "logs");
    make_folder(work_folder(job) / "parts");
    const auto lock = FileLock::attempt(work_folder(job) / "lock");
    RIH_REQUIRE(lock, "{}: another process follows this job", work_folder(job).string());
    check_parts_have_this_count(job);
    write_file_atomically(script_path(job), script_text(job));
    ArrayRunSummary summary = ArrayRun(slurm, store, options).follow();
    if (summary.failed.empty()) {
        std::error_code ignored; // an empty folder
        fs::remove(work_folder(job) / "parts", ignored);
    }
    return summary;
}

} // namespace rih
