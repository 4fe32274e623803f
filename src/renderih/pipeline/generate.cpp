// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/generate.h"

#include "renderih/base/parallel.h"
#include "renderih/base/progress.h"
#include "renderih/base/stopwatch.h"
#include "renderih/dataset/card.h"
#include "renderih/dataset/shard_store.h"
#include "renderih/pipeline/provenance.h"
#include "renderih/pipeline/record_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>

namespace rih {

namespace {

/// A shard in work.
struct OpenShard {
    std::unique_ptr<ShardWriter> writer;
    Stopwatch watch;
    std::atomic<std::size_t> missing_records{0};
};

/// A pose that is made when the first of its records is due and let go after the last.
struct OpenPose {
    OpenShard* shard = nullptr;
    std::uint64_t pose = 0;
    std::vector<std::uint64_t> records; // that are missing
    std::once_flag once;
    std::optional<const PosedPair> posed;
    std::atomic<std::size_t> left{0};
};

struct RecordTask {
    OpenPose* pose;
    std::uint64_t record;
};

void add_poses(OpenShard& shard,
               const DatasetPlan& plan,
               std::vector<std::unique_ptr<OpenPose>>& poses) {
    const std::size_t first = poses.size();
    for (const std::uint64_t record : shard.writer->missing()) {
        if (poses.size() == first || poses.back()->pose != plan.pose_of(record)) {
            poses.push_back(std::make_unique<OpenPose>());
            poses.back()->shard = &shard;
            poses.back()->pose = plan.pose_of(record);
        }
        poses.back()->records.push_back(record);
        ++poses.back()->left;
        ++shard.missing_records;
    }
}

/// Records in an order in which neither threads wait for one another's poses nor more than some
/// poses a thread are in memory: of `group` poses at a time the first records, the second ones ...
std::vector<RecordTask> tasks_of(const std::vector<std::unique_ptr<OpenPose>>& poses,
                                 std::size_t group) {
    std::vector<RecordTask> tasks;
    for (std::size_t begin = 0; begin < poses.size(); begin += group) {
        const std::size_t end = std::min(begin + group, poses.size());
        bool found = true;
        for (std::size_t k = 0; found; ++k) {
            found = false;
            for (std::size_t p = begin; p < end; ++p) {
                if (k < poses[p]->records.size()) {
                    tasks.push_back({poses[p].get(), poses[p]->records[k]});
                    found = true;
                }
            }
        }
    }
    return tasks;
}

} // namespace

std::string GenerateSummary::text() const {
    std::string text;
    for (const std::string& name : restored_files) {
        text += fmt::format("{}: {} was missing and is written again\n", folder.string(), name);
    }
    if (records_elsewhere > 0) {
        text += fmt::format("{}: {} of {} records are in the hands of another process: run the "
                            "same command again when it has ended\n",
                            folder.string(),
                            records_elsewhere,
                            records_total);
    }
    if (records_reused == records_total) {
        return text + fmt::format("{}: all {} records were finished before; {}",
                                  folder.string(),
                                  records_total,
                                  seconds == 0 ? "nothing was changed"
                                               : "their shards are put together now");
    }
    return text + fmt::format("{}: made {} records in {} ({:.2f}/s), {} of {} were finished before",
                              folder.string(),
                              records_made,
                              human_duration(seconds),
                              static_cast<double>(records_made) / std::max(seconds, 1e-9),
                              records_reused,
                              records_total);
}

GenerateSummary
generate(const GenerateOptions& options, const GenerateTarget& target, const AssetFolder& assets) {
    options.validate();
    const Stopwatch watch;
    const int threads = resolve_thread_count(target.threads);
    RecordMaker maker(options, assets, threads);
    const DatasetDescription description =
        describe_dataset(options, assets, maker.hands(), maker.engine());
    maker.set_digests(provenance_digests(description));
    const ShardStore store(
        target.folder, description, files_of_dataset(options, assets, maker.hands()));
    const DatasetPlan& plan = store.plan();

    GenerateSummary summary;
    summary.folder = target.folder;
    summary.restored_files = store.restored_files();
    for (const ShardId& shard : plan.shards_of_part(target.part, target.parts)) {
        summary.records_total += plan.record_count(shard);
    }
    const std::vector<ShardId> pending = store.pending(target.part, target.parts);
    summary.records_reused = summary.records_total;
    for (const ShardId& shard : pending) {
        summary.records_reused -= plan.record_count(shard);
    }
    if (pending.empty()) {
        complete_card(target.folder); // unless a run that was killed has done so
        return summary;
    }

    Progress progress("records", summary.records_total, summary.records_reused);
    std::atomic<std::int64_t> poses_made{0}, poses_drawn{0};
    std::atomic<double> writer_seconds{0};
    // Enough shards at a time to keep every thread busy; the next ones stay free for others.
    for (auto next = pending.begin(); next != pending.end();) {
        std::vector<std::unique_ptr<OpenShard>> open;
        std::vector<std::unique_ptr<OpenPose>> poses;
        std::size_t records = 0;
        while (next != pending.end() && records < 4 * static_cast<std::size_t>(threads)) {
            auto shard = std::make_unique<OpenShard>();
            shard->writer = store.claim(*next++);
            if (!shard->writer) {
                continue; // another process works on it, or has finished it by now
            }
            add_poses(*shard, plan, poses);
            summary.records_made += shard->missing_records;
            summary.records_reused += shard->writer->records().size() - shard->missing_records;
            records += shard->missing_records;
            if (shard->missing_records == 0) {
                shard->writer->finish(shard->watch.seconds());
            }
            open.push_back(std::move(shard));
        }
        const std::vector<RecordTask> tasks = tasks_of(poses, static_cast<std::size_t>(threads));
        parallel_for(tasks.size(), threads, [&](std::size_t i) {
            OpenPose& pose = *tasks[i].pose;
            std::call_once(pose.once, [&] {
                pose.posed.emplace(maker.make_pose(pose.pose));
                poses_drawn += pose.posed->pair.attempts;
                ++poses_made;
            });
            ShardWriter& writer = *pose.shard->writer;
            MadeRecord made = maker.make_record(
                *pose.posed, plan.view_of(tasks[i].record), tasks[i].record, writer.shard().split);
            const Stopwatch put;
            writer.put_record(made.record, std::move(made.members));
            writer_seconds += put.seconds();
            if (--pose.left == 0) {
                pose.posed.reset();
            }
            const auto made_so_far = static_cast<double>(poses_made); // before what is drawn grows
            progress.step(fmt::format("{:.0f} % of poses drawn in this run released",
                                      100 * made_so_far / static_cast<double>(poses_drawn)));
            if (--pose.shard->missing_records == 0) {
                const Stopwatch finishing;
                writer.finish(pose.shard->watch.seconds());
                writer_seconds += finishing.seconds();
            }
        });
    }
    // What is still pending now is another process's: this run has finished all it could claim.
    for (const ShardId& shard : store.pending(target.part, target.parts)) {
        summary.records_elsewhere += plan.record_count(shard);
    }
    complete_card(target.folder);
    summary.writer_seconds = writer_seconds;
    summary.seconds = watch.seconds();
    return summary;
}

} // namespace rih
