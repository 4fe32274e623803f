// SPDX-License-Identifier: Apache-2.0
// One data set out of folders that machines without a common file system filled, each with its own
// `--shard I/N`.
#pragma once

#include <filesystem>
#include <vector>

namespace rih {

struct MergeSummary {
    int merged = 0;  ///< shards copied by this call
    int present = 0; ///< that `out` had already
    int missing = 0; ///< of the plan, still to be made
};

struct MergeOptions {
    /// Shards become hard links to the part's where the file system can; both must then be left as
    /// they are, or the part be removed.
    bool hard_links = false;
};

/// Copies the finished shards of `parts` into `out`, a new folder or one that was begun with the
/// same settings. Every file is held against its digest before it counts; a shard gets its row in
/// the manifest last, so a merge that is cut off goes on when it is called again. Throws UserError
/// when settings differ, when a part's file is not what its manifest says, or when two parts made
/// the same shard differently.
MergeSummary merge_datasets(const std::vector<std::filesystem::path>& parts,
                            const std::filesystem::path& out,
                            const MergeOptions& options = {});

} // namespace rih
