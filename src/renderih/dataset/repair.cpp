// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/repair.h"

#include "renderih/dataset/manifest.h"
#include "renderih/dataset/shard_writer.h"

#include <set>

namespace rih {

namespace fs = std::filesystem;

std::vector<ShardId> forget_damaged_shards(const fs::path& dir,
                                           const std::vector<Finding>& findings) {
    std::set<std::string> damaged; // "train/00000"
    for (const Finding& finding : findings) {
        damaged.insert(finding.file.substr(0, finding.file.find('.')));
    }
    // Nobody appends a row in the meantime.
    const FileLock lock = FileLock::wait(dataset_lock_path(dir));
    std::vector<ShardId> forgotten;
    std::string text;
    bool has_bad_lines = false;
    for (const ManifestRow& row :
         read_manifest(dir, [&](const std::string&) { has_bad_lines = true; })) {
        if (damaged.contains(row.shard.name())) {
            forgotten.push_back(row.shard);
        } else {
            text += to_json(row) + "\n";
        }
    }
    if (!forgotten.empty() || has_bad_lines) {
        write_file_atomically(dir / "manifest.jsonl", text);
    }
    return forgotten;
}

} // namespace rih
