// SPDX-License-Identifier: Apache-2.0
// manifest.jsonl: one row for each shard that is complete. A row is appended and synced; a last
// line without its newline is what a crash left of an append, and counts for nothing.
#pragma once

#include "renderih/dataset/plan.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace rih {

struct ManifestRow {
    ShardId shard = {};
    std::string sha256 = {};
    std::uint64_t bytes = 0;
    std::uint64_t first_record = 0, last_record = 0, records = 0;
    double seconds = 0; ///< that the shard took to make
    std::string idx_sha256 = {}, jsonl_sha256 = {};
};

/// One line, without the newline.
std::string to_json(const ManifestRow& row);
ManifestRow manifest_row_from_json(std::string_view line, const std::string& what);

/// The rows of DIR/manifest.jsonl; none when there is no such file. A line that is wrong goes to
/// `on_problem` when given, else is a UserError.
std::vector<ManifestRow>
read_manifest(const std::filesystem::path& dir,
              const std::function<void(const std::string&)>& on_problem = nullptr);

/// Appends a row, after removing a torn last line. The caller holds the data set's lock.
void append_to_manifest(const std::filesystem::path& dir, const ManifestRow& row);

/// "train/00000" of a text of exactly this form; throws UserError.
ShardId shard_of_name(std::string_view name);

} // namespace rih
