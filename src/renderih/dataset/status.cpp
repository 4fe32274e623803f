// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/status.h"

#include "renderih/base/error.h"
#include "renderih/dataset/json_writer.h"
#include "renderih/dataset/reader.h"
#include "renderih/dataset/shard_writer.h"

#include <set>

namespace rih {

namespace fs = std::filesystem;

DatasetStatus::Part DatasetStatus::total() const {
    Part sum;
    for (const Part& part : splits) {
        sum.shards_done += part.shards_done;
        sum.shards += part.shards;
        sum.records_done += part.records_done;
        sum.records += part.records;
    }
    return sum;
}

bool DatasetStatus::is_finished() const {
    return total().shards_done == total().shards;
}

std::string DatasetStatus::text(const fs::path& dir) const {
    const Part all = total();
    std::string text = fmt::format("{}: {} of {} records ({:.1f} %), {} of {} shards, {:.1f} MiB\n",
                                   dir.string(),
                                   all.records_done + records_waiting,
                                   all.records,
                                   100.0 * static_cast<double>(all.records_done + records_waiting) /
                                       static_cast<double>(all.records),
                                   all.shards_done,
                                   all.shards,
                                   static_cast<double>(bytes) / (1 << 20));
    for (const Split split : {Split::Train, Split::Val, Split::Test}) {
        const Part& part = splits[static_cast<std::size_t>(split)];
        text += fmt::format("  {:<5} {} of {} records, {} of {} shards\n",
                            name_of(split),
                            part.records_done,
                            part.records,
                            part.shards_done,
                            part.shards);
    }
    if (all.records_done > 0) {
        text +=
            fmt::format("  {:.2f} s a record\n", seconds / static_cast<double>(all.records_done));
    }
    if (is_finished()) {
        return text + "finished; renderih verify checks it\n";
    }
    return text +
           fmt::format("not finished: {} records wait in unfinished shards; the command that "
                       "began it goes on\n",
                       records_waiting);
}

std::string DatasetStatus::json() const {
    const Part all = total();
    JsonWriter out;
    const auto write = [&](const Part& part) {
        out.field("records", part.records);
        out.field("records_done", part.records_done);
        out.field("shards", part.shards);
        out.field("shards_done", part.shards_done);
    };
    out.begin_object();
    write(all);
    out.field("records_waiting", records_waiting);
    out.field("bytes", bytes);
    out.field("seconds", seconds);
    out.field("finished", is_finished());
    out.key("splits");
    out.begin_object();
    for (const Split split : {Split::Train, Split::Val, Split::Test}) {
        out.key(name_of(split));
        out.begin_object();
        write(splits[static_cast<std::size_t>(split)]);
        out.end_object();
    }
    out.end_object();
    out.end_object();
    return out.take();
}

DatasetStatus dataset_status(const fs::path& dir) {
    const DatasetReader reader(dir);
    const DatasetPlan& plan = reader.plan();
    DatasetStatus status;
    for (const Split split : {Split::Train, Split::Val, Split::Test}) {
        DatasetStatus::Part& part = status.splits[static_cast<std::size_t>(split)];
        part.shards = plan.shard_count(split);
        part.records = plan.pose_count(split) * static_cast<std::uint64_t>(plan.options().views);
    }
    std::set<ShardId> done;
    for (const ManifestRow& row : reader.shards()) {
        DatasetStatus::Part& part = status.splits[static_cast<std::size_t>(row.shard.split)];
        ++part.shards_done;
        part.records_done += row.records;
        status.bytes += row.bytes;
        status.seconds += row.seconds;
        done.insert(row.shard);
    }
    for (int s = 0; s < plan.shard_count(); ++s) {
        const fs::path folder = partial_folder(dir, plan.shard(s));
        std::error_code error;
        if (done.contains(plan.shard(s)) || !fs::is_directory(folder, error)) {
            continue;
        }
        for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
            const std::string name = entry.path().filename().string();
            status.records_waiting +=
                name.ends_with(".tar") && is_record_key(name.substr(0, name.size() - 4)) ? 1 : 0;
        }
    }
    return status;
}

} // namespace rih
