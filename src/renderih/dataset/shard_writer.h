// SPDX-License-Identifier: Apache-2.0
// One shard being made. Its finished records lie in DIR/.partial/SPLIT-NNNNN as files of their own;
// `finish` puts them together there, syncs, renames the index, the rows and then the tar into
// place, and last appends the row to the manifest. After a kill at any point the next run goes on
// from what is there, to the same bytes.
#pragma once

#include "renderih/dataset/file_lock.h"
#include "renderih/dataset/manifest.h"
#include "renderih/dataset/plan.h"
#include "renderih/dataset/tar.h"

#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rih {

/// Called with the name of each point at which a crash would leave another state on disk; tests
/// throw from it. Empty in use.
using CrashPoint = std::function<void(std::string_view point)>;

/// Where unfinished work lies below the data set's folder.
std::filesystem::path partial_folder(const std::filesystem::path& dir);
std::filesystem::path partial_folder(const std::filesystem::path& dir, const ShardId& shard);
/// Held while a shard is worked on.
std::filesystem::path shard_lock_path(const std::filesystem::path& dir, const ShardId& shard);
/// Held while dataset.json or the manifest is written.
std::filesystem::path dataset_lock_path(const std::filesystem::path& dir);

class ShardWriter {
  public:
    /// Use ShardStore::claim, which gets the lock. The plan must outlive this object.
    ShardWriter(std::filesystem::path dir,
                const DatasetPlan& plan,
                const ShardId& shard,
                std::string configuration_sha256,
                FileLock lock,
                CrashPoint crash_point);

    const ShardId& shard() const { return shard_; }
    const std::vector<std::uint64_t>& records() const { return records_; }
    /// Those that are still to be made, ascending.
    std::vector<std::uint64_t> missing() const;

    /// Stores a finished record; any thread may call it. Members: one of rgb.jpg, rgb.png,
    /// rgb.webp; seg.png, depth.png, amodal.png; optionally normal.png, albedo.png, uv.png, in any
    /// order; of a converted record the picture alone. The JSON member is made here. Throws
    /// UserError when the disk is full or cannot be written.
    void put_record(const Record& record, std::vector<Member> members);

    /// Puts the shard together and enters it into the manifest; every record must be there.
    /// `seconds` is what the shard took, for the manifest. Throws UserError, and asks to run again,
    /// when a stored record was damaged in the meantime.
    void finish(double seconds);

  private:
    std::filesystem::path record_path(std::uint64_t record) const;
    ManifestRow assemble() const;
    void crash_point(std::string_view name) const;

    std::filesystem::path dir_, folder_;
    const DatasetPlan* plan_;
    ShardId shard_;
    std::string configuration_sha256_;
    std::optional<FileLock> lock_;
    CrashPoint crash_point_;
    std::vector<std::uint64_t> records_;
    mutable std::mutex mutex_;
    std::set<std::uint64_t> present_; // guarded by mutex_
};

} // namespace rih
