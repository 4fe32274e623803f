// SPDX-License-Identifier: Apache-2.0
// The whole way of the data: poses -> hands -> scenes -> pictures and labels -> records -> shards.
#pragma once

#include "renderih/pipeline/asset_folder.h"
#include "renderih/pipeline/generate_options.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rih {

/// Where a run writes and which part of the work it does; no influence on any byte of a shard.
struct GenerateTarget {
    std::filesystem::path folder;
    int part = 0, parts = 1; ///< this run does every parts-th shard, from `part` on
    int threads = 0;         ///< 0: every core
};

struct GenerateSummary {
    std::filesystem::path folder;
    std::uint64_t records_made = 0;   ///< by this run
    std::uint64_t records_reused = 0; ///< found finished, in shards or singly
    std::uint64_t records_total = 0;  ///< of the shards this run is responsible for
    /// In shards that another process has in work: this run's part is not finished without them.
    std::uint64_t records_elsewhere = 0;
    std::vector<std::string> restored_files; ///< of the data set, that had gone
    double seconds = 0;
    double writer_seconds = 0; ///< of the threads together, in writing records and shards

    std::string text() const;
};

/// Makes what is missing of the data set, and nothing else: run again, it changes nothing. Throws
/// UserError for bad options, a folder that holds something else, a full disk.
GenerateSummary
generate(const GenerateOptions& options, const GenerateTarget& target, const AssetFolder& assets);

} // namespace rih
