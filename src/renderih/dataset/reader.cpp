// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/reader.h"

#include "renderih/base/error.h"

#include <algorithm>

namespace rih {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxDatasetJson = std::uint64_t{4} << 20;
constexpr std::size_t kMaxOpenShards = 64;

using OnProblem = std::function<void(const std::string&)>;

std::vector<ManifestRow>
sorted_manifest(const fs::path& dir, const DatasetPlan& plan, const OnProblem& on_problem) {
    std::vector<ManifestRow> rows = read_manifest(dir, on_problem);
    std::erase_if(rows, [&](const ManifestRow& row) {
        if (plan.contains(row.shard)) {
            return false;
        }
        const std::string problem = fmt::format("{}: lists {}, which the plan does not have",
                                                (dir / "manifest.jsonl").string(),
                                                row.shard.name());
        RIH_REQUIRE(on_problem, "{}", problem);
        on_problem(problem);
        return true;
    });
    std::ranges::sort(rows, {}, &ManifestRow::shard);
    return rows;
}

} // namespace

ShardReader::ShardReader(const fs::path& dir, const DatasetPlan& plan, const ManifestRow& row)
    : plan_(&plan), shard_(row.shard), tar_(dir / (row.shard.name() + ".tar")) {
    RIH_REQUIRE(tar_.size() == row.bytes,
                "{}: has {} bytes, although the manifest says {}",
                tar_.path().string(),
                tar_.size(),
                row.bytes);
    const fs::path index_path = dir / (shard_.name() + ".idx.json");
    entries_ = index_from_text(
        read_text_file(index_path, kMaxIndexBytes), tar_.size(), index_path.string());
    const auto expected = plan.records_of(shard_);
    RIH_REQUIRE(std::ranges::equal(expected, entries_, {}, {}, &IndexEntry::record),
                "{}: its records are not those that the plan gives to this shard",
                index_path.string());
}

const IndexEntry& ShardReader::entry(std::uint64_t record) const {
    const auto found = std::ranges::lower_bound(entries_, record, {}, &IndexEntry::record);
    RIH_REQUIRE(found != entries_.end() && found->record == record,
                "{}: has no record {}",
                tar_.path().string(),
                record);
    return *found;
}

const TarMember* ShardReader::find(std::uint64_t record, std::string_view name) const {
    const auto& members = entry(record).members;
    const auto found = std::ranges::find(members, name, &TarMember::name);
    return found == members.end() ? nullptr : &*found;
}

bool ShardReader::has_member(std::uint64_t record, std::string_view name) const {
    return find(record, name) != nullptr;
}

Bytes ShardReader::member(std::uint64_t record, std::string_view name) const {
    const std::string what = fmt::format("{} {}", tar_.path().string(), record_key(record));
    const TarMember* found = find(record, name);
    RIH_REQUIRE(found != nullptr, "{}: has no member '{}'", what, name.substr(0, 64));
    const std::uint64_t header_offset = found->offset - kTarBlock;
    const TarMember stored =
        read_tar_header(tar_.read(header_offset, kTarBlock), header_offset, what);
    RIH_REQUIRE(stored == *found,
                "{}: the index says {} with {} bytes at {}, where the tar has {} of {} with {}",
                what,
                name,
                found->size,
                found->offset,
                stored.name,
                stored.key,
                stored.size);
    return tar_.read(found->offset, found->size);
}

Record ShardReader::record(std::uint64_t number) const {
    const Bytes json = member(number, "json");
    const std::string what = fmt::format("{} {}", tar_.path().string(), record_key(number));
    const Record record =
        record_from_json({reinterpret_cast<const char*>(json.data()), json.size()}, what);
    RIH_REQUIRE(record.record == number && record.pose == plan_->pose_of(number) &&
                    record.view == plan_->view_of(number) && record.split == shard_.split &&
                    record.seed == plan_->options().seed,
                "{}: its seed, record, pose, view or split is not that of the plan",
                what);
    return record;
}

DatasetReader::DatasetReader(fs::path dir, const OnProblem& on_problem)
    : dir_(std::move(dir)),
      description_(dataset_from_json(read_text_file(dir_ / "dataset.json", kMaxDatasetJson),
                                     (dir_ / "dataset.json").string())),
      plan_(description_.plan), shards_(sorted_manifest(dir_, plan_, on_problem)) {}

std::uint64_t DatasetReader::record_count() const {
    std::uint64_t count = 0;
    for (const ManifestRow& row : shards_) {
        count += plan_.record_count(row.shard);
    }
    return count;
}

const ManifestRow* DatasetReader::find(const ShardId& shard) const {
    const auto found = std::ranges::lower_bound(shards_, shard, {}, &ManifestRow::shard);
    return found != shards_.end() && found->shard == shard ? &*found : nullptr;
}

std::shared_ptr<const ShardReader> DatasetReader::open_shard(const ShardId& shard) const {
    const std::lock_guard guard(mutex_);
    const auto found =
        std::ranges::find(open_, shard, [](const auto& reader) { return reader->shard(); });
    std::shared_ptr<const ShardReader> reader;
    if (found != open_.end()) {
        reader = *found;
        open_.erase(found);
    } else {
        const ManifestRow* row = find(shard);
        RIH_REQUIRE(row != nullptr, "{}: shard {} is not finished", dir_.string(), shard.name());
        reader = std::make_shared<const ShardReader>(dir_, plan_, *row);
        if (open_.size() >= kMaxOpenShards) {
            open_.erase(open_.begin());
        }
    }
    open_.push_back(reader);
    return reader;
}

void DatasetReader::for_each_record(
    const std::function<void(const ShardReader& shard, std::uint64_t record)>& body) const {
    for (const ManifestRow& row : shards_) {
        const auto shard = open_shard(row.shard);
        for (const IndexEntry& entry : shard->entries()) {
            body(*shard, entry.record);
        }
    }
}

} // namespace rih
