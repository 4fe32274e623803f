// SPDX-License-Identifier: Apache-2.0
// Whether a data set is, byte for byte, what was written: every digest, every place and every count
// is computed again. What is wrong is told by the record where it can be.
#pragma once

#include "renderih/dataset/plan.h"

#include <filesystem>
#include <string>
#include <vector>

namespace rih {

struct Finding {
    std::string file; ///< below the data set's folder, as "train/00000.tar"
    std::string key;  ///< of the record; empty when it is about none
    std::string what;

    /// "train/00000.tar 000000000003: its bytes were changed"
    std::string text() const;
};

/// Checks dataset.json, the files it names, the manifest against the plan, and of each shard the
/// tar, the index and the rows against one another and against their digests; records that are
/// missing, extra files among the shards, and poses in the wrong split. At most some hundred
/// findings a shard. `threads` shards are checked at the same time. Throws UserError when
/// dataset.json cannot be read at all.
std::vector<Finding> check_integrity(const std::filesystem::path& dir, int threads = 1);

} // namespace rih
