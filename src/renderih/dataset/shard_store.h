// SPDX-License-Identifier: Apache-2.0
// Writes a data set into a folder, so that nothing finished is ever lost and nothing half-written
// is ever taken for finished: records wait as files of their own in DIR/.partial until their shard
// is whole; the shard is then put together, synced and renamed, and last it gets its row in the
// manifest. Several processes may work on one folder at the same time.
#pragma once

#include "renderih/dataset/description.h"
#include "renderih/dataset/shard_writer.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace rih {

class ShardStore {
  public:
    /// Opens DIR to be filled with what `description` says. A fresh folder gets `files` (path below
    /// DIR -> bytes, for example hands/right.npz; their digests go into the description),
    /// README.md and dataset.json. A folder that was begun from another description is a UserError
    /// that names what differs; so is a folder that holds something else.
    ShardStore(std::filesystem::path dir,
               DatasetDescription description,
               const std::map<std::string, Bytes>& files = {},
               CrashPoint crash_point = nullptr);

    const DatasetPlan& plan() const { return plan_; }
    /// Files of the data set that were missing and that opening it has written again.
    const std::vector<std::string>& restored_files() const { return restored_files_; }

    /// The shards of `--shard part/parts` that are not in the manifest yet.
    std::vector<ShardId> pending(int part = 0, int parts = 1) const;
    /// Takes a shard to work on; null when another process has it or has finished it by now.
    std::unique_ptr<ShardWriter> claim(const ShardId& shard) const;

  private:
    void begin(const std::map<std::string, Bytes>& files);
    void check_same(const std::string& stored) const;
    void restore(const std::map<std::string, Bytes>& files);
    std::set<ShardId> shards_in_manifest() const;
    void clean_up() const;

    std::filesystem::path dir_;
    DatasetDescription description_;
    DatasetPlan plan_;
    std::string dataset_json_, configuration_sha256_;
    CrashPoint crash_point_;
    std::vector<std::string> restored_files_;
};

} // namespace rih
