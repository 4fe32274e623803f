// SPDX-License-Identifier: Apache-2.0
#include "renderih/report/dataset_scan.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/base/progress.h"
#include "renderih/report/page_source.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace rih {

namespace {

/// All views of a pose, which lie in one shard.
struct PoseTask {
    ShardId shard;
    std::vector<std::uint64_t> records;
};

struct PoseResult {
    std::vector<PageRow> rows;
    std::optional<PairAngles> angles;
};

std::vector<PoseTask> pose_tasks(const DatasetReader& reader) {
    std::vector<PoseTask> tasks;
    for (const ManifestRow& row : reader.shards()) {
        std::uint64_t last = 0;
        for (const std::uint64_t record : reader.plan().records_of(row.shard)) {
            const std::uint64_t pose = reader.plan().pose_of(record);
            if (tasks.empty() || tasks.back().shard != row.shard || pose != last) {
                tasks.push_back({row.shard, {}});
                last = pose;
            }
            tasks.back().records.push_back(record);
        }
    }
    return tasks;
}

PairAngles angles_of(const Record& record, const HandPair& hands) {
    const PairPose pair = pose_of_record(record, hands);
    PairAngles angles;
    for (std::size_t i = 0; i < 2; ++i) {
        // Of the shaped hand only its joints are asked for, so correctives need not be found.
        const ShapedHand shaped =
            shape_hand(hands.hands[i], pair[i].shape, std::make_shared<const PoseCorrectives>());
        angles[i] = finger_angles(anatomy_frames(shaped), pair[i]);
    }
    return angles;
}

PoseResult read_pose(const DatasetReader& reader, const HandPair& hands, const PoseTask& task) {
    PoseResult result;
    for (const std::uint64_t number : task.records) {
        try {
            const Record record = reader.open_shard(task.shard)->record(number);
            PageRow row = row_of(record);
            if (!result.angles) {
                result.angles = angles_of(record, hands);
            }
            result.rows.push_back(std::move(row));
        } catch (const UserError&) {
            // Counted by its absence.
        }
    }
    return result;
}

} // namespace

DatasetScan scan_dataset(const DatasetReader& reader, const HandPair& hands, int threads) {
    const std::vector<PoseTask> tasks = pose_tasks(reader);
    std::vector<PoseResult> results(tasks.size());
    {
        Progress progress("poses read", tasks.size());
        parallel_for(tasks.size(), threads, [&](std::size_t i) {
            results[i] = read_pose(reader, hands, tasks[i]);
            progress.step();
        });
    }
    DatasetScan scan;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        PoseResult& result = results[i];
        scan.unreadable += tasks[i].records.size() - result.rows.size();
        if (result.angles) {
            scan.poses.push_back(*result.angles);
            scan.draws += static_cast<std::uint64_t>(result.rows.front().attempts);
        }
        std::ranges::move(result.rows, std::back_inserter(scan.rows));
    }
    std::ranges::sort(scan.rows, {}, &PageRow::record);
    return scan;
}

} // namespace rih
