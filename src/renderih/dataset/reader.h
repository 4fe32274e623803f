// SPDX-License-Identifier: Apache-2.0
// Reads a data set, one record or one picture at a time, in any order. No file is believed: sizes,
// counts, names and places are checked before use, and what is wrong is a UserError that names the
// file and the record. Any number of threads may read at once.
#pragma once

#include "renderih/dataset/description.h"
#include "renderih/dataset/manifest.h"
#include "renderih/dataset/random_file.h"
#include "renderih/dataset/shard_index.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace rih {

/// One finished shard, through its index.
class ShardReader {
  public:
    /// Throws UserError when the tar is not as long as the manifest says or the index is wrong.
    ShardReader(const std::filesystem::path& dir, const DatasetPlan& plan, const ManifestRow& row);

    const ShardId& shard() const { return shard_; }
    /// By record, ascending; the records that the plan gives to this shard.
    const std::vector<IndexEntry>& entries() const { return entries_; }

    /// A member's bytes, by its name without the key ("rgb.jpg").
    Bytes member(std::uint64_t record, std::string_view name) const;
    bool has_member(std::uint64_t record, std::string_view name) const;
    Record record(std::uint64_t record) const;
    /// A record's members. Throws UserError when the shard has no such record.
    const IndexEntry& entry(std::uint64_t record) const;

  private:
    const TarMember* find(std::uint64_t record, std::string_view name) const;

    const DatasetPlan* plan_;
    ShardId shard_;
    RandomFile tar_;
    std::vector<IndexEntry> entries_;
};

class DatasetReader {
  public:
    /// Reads dataset.json and the manifest. A data set that is not finished can be read, as far as
    /// its shards are. A manifest's row that is wrong goes to `on_problem` when given, else is a
    /// UserError.
    explicit DatasetReader(std::filesystem::path dir,
                           const std::function<void(const std::string&)>& on_problem = nullptr);

    const std::filesystem::path& dir() const { return dir_; }
    const DatasetDescription& description() const { return description_; }
    const DatasetPlan& plan() const { return plan_; }
    const std::vector<ManifestRow>& shards() const { return shards_; } ///< by split and index
    std::uint64_t record_count() const;                                ///< in the finished shards

    /// The shards opened last are kept open. The reader must outlive what it returns.
    std::shared_ptr<const ShardReader> open_shard(const ShardId& shard) const;

    /// Calls body for each record of the finished shards, shard by shard.
    void for_each_record(
        const std::function<void(const ShardReader& shard, std::uint64_t record)>& body) const;

  private:
    const ManifestRow* find(const ShardId& shard) const;

    std::filesystem::path dir_;
    DatasetDescription description_;
    DatasetPlan plan_;
    std::vector<ManifestRow> shards_;
    mutable std::mutex mutex_;
    mutable std::vector<std::shared_ptr<const ShardReader>> open_; // latest last; under mutex_
};

} // namespace rih
