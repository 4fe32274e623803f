// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/generate.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/base/progress.h"
#include "renderih/base/sha256.h"
#include "renderih/base/temp_folder.h"
#include "renderih/dataset/shard_store.h"
#include "renderih/hand/hand_io.h"
#include "renderih/pipeline/record_maker.h"

#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>

namespace rih {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// What decides the bytes of records, without what does not: where files lie.
std::string portable_configuration(GenerateOptions options) {
    const auto file_names = [](const std::string& list) {
        std::string names;
        for (std::size_t begin = 0; begin <= list.size();) {
            const std::size_t end = std::min(list.find(',', begin), list.size());
            names += (begin > 0 ? "," : "") +
                     fs::path(list.substr(begin, end - begin)).filename().string();
            begin = end + 1;
        }
        return names;
    };
    options.hand = file_names(options.hand);
    for (std::string& source : options.posing.sources) {
        source = file_names(source);
    }
    return options.to_json();
}

/// The hands' files of the data set; MANO may not be passed on, so only its digest is kept.
std::map<std::string, Bytes> hand_files(const GenerateOptions& options, const HandPair& hands) {
    std::map<std::string, Bytes> files;
    if (options.hand == "open") {
        const TempFolder folder;
        for (const Side side : kSides) {
            const fs::path path = folder.path() / "hand.npz";
            save_hand(path, hands[side]);
            files[fmt::format("hands/{}.npz", name_of(side))] = read_file(path, 1 << 28);
        }
    }
    return files;
}

DatasetDescription
describe(const GenerateOptions& options, const AssetFolder& assets, const RecordMaker& maker) {
    DatasetDescription description;
    description.plan = {options.seed,
                        options.poses,
                        options.views,
                        options.split_fractions,
                        options.records_per_shard};
    description.configuration_json = portable_configuration(options);
    description.assets = {{"assets", assets.sha256},
                          {"pose_engine", maker.engine().fingerprint()},
                          {"hand_right", hash_of(maker.hands()[Side::Right])},
                          {"hand_left", hash_of(maker.hands()[Side::Left])}};
    description.generator_version = RIH_VERSION;
    description.generator_sha256 = sha256_of_file("/proc/self/exe");
    description.licences = assets.licences;
    return description;
}

/// A shard in work, with the poses it still needs.
struct OpenShard {
    std::unique_ptr<ShardWriter> writer;
    Clock::time_point start = Clock::now();
    std::atomic<std::size_t> missing_records{0};
};
struct PoseTask {
    OpenShard* shard;
    std::uint64_t pose;
    std::vector<std::uint64_t> records;
};

std::vector<PoseTask> tasks_of(OpenShard& shard, const DatasetPlan& plan) {
    std::vector<PoseTask> tasks;
    for (const std::uint64_t record : shard.writer->missing()) {
        if (tasks.empty() || tasks.back().pose != plan.pose_of(record)) {
            tasks.push_back({&shard, plan.pose_of(record), {}});
        }
        tasks.back().records.push_back(record);
        ++shard.missing_records;
    }
    return tasks;
}

} // namespace

std::string GenerateSummary::text() const {
    if (records_made == 0) {
        return fmt::format("{}: all {} records were finished before; nothing was changed",
                           folder.string(),
                           records_total);
    }
    return fmt::format("{}: made {} records in {} ({:.2f}/s), {} of {} were finished before",
                       folder.string(),
                       records_made,
                       human_duration(seconds),
                       static_cast<double>(records_made) / seconds,
                       records_reused,
                       records_total);
}

GenerateSummary
generate(const GenerateOptions& options, const GenerateTarget& target, const AssetFolder& assets) {
    options.validate();
    const Clock::time_point start = Clock::now();
    const int threads = resolve_thread_count(target.threads);
    const RecordMaker maker(options, assets);
    const ShardStore store(
        target.folder, describe(options, assets, maker), hand_files(options, maker.hands()));
    const DatasetPlan& plan = store.plan();
    const int part = static_cast<int>(target.shard_index);
    const int parts = static_cast<int>(target.shard_count);

    GenerateSummary summary;
    summary.folder = target.folder;
    for (const ShardId& shard : plan.shards_of_part(part, parts)) {
        summary.records_total += plan.records_of(shard).size();
    }
    const std::vector<ShardId> pending = store.pending(part, parts);
    std::uint64_t waiting = 0;
    for (const ShardId& shard : pending) {
        waiting += plan.records_of(shard).size();
    }
    std::uint64_t reused = summary.records_total - waiting;
    if (pending.empty()) {
        summary.records_reused = reused;
        return summary;
    }

    Progress progress("records", summary.records_total, reused);
    // Enough shards at a time to keep every thread busy; the next ones stay free for others.
    for (auto next = pending.begin(); next != pending.end();) {
        std::vector<std::unique_ptr<OpenShard>> open;
        std::vector<PoseTask> tasks;
        while (next != pending.end() && tasks.size() < 4 * static_cast<std::size_t>(threads)) {
            auto shard = std::make_unique<OpenShard>();
            shard->writer = store.claim(*next++);
            if (!shard->writer) {
                continue; // another process works on it
            }
            const std::vector<PoseTask> more = tasks_of(*shard, plan);
            reused += shard->writer->records().size() - shard->missing_records;
            if (more.empty()) {
                shard->writer->finish(seconds_since(shard->start));
                continue;
            }
            tasks.insert(tasks.end(), more.begin(), more.end());
            open.push_back(std::move(shard));
        }
        parallel_for(tasks.size(), threads, [&](std::size_t i) {
            const PoseTask& task = tasks[i];
            const PosedPair posed = maker.make_pose(task.pose);
            for (const std::uint64_t record : task.records) {
                MadeRecord made = maker.make_record(
                    posed, plan.view_of(record), record, task.shard->writer->shard().split);
                task.shard->writer->put_record(made.record, std::move(made.members));
                progress.step();
                if (--task.shard->missing_records == 0) {
                    task.shard->writer->finish(seconds_since(task.shard->start));
                }
            }
        });
        for (const PoseTask& task : tasks) {
            summary.records_made += task.records.size();
        }
    }
    summary.records_reused = reused;
    summary.seconds = seconds_since(start);
    return summary;
}

} // namespace rih
