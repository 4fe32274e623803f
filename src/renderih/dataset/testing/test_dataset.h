// SPDX-License-Identifier: Apache-2.0
// Whole data sets of test records, and what lies in a folder, for tests.
#pragma once

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/dataset/shard_store.h"
#include "renderih/dataset/testing/test_records.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

namespace rih {

inline std::map<std::string, Bytes> test_files() {
    return {{"hands/right.npz", Bytes{1, 2, 3}}, {"hands/left.npz", Bytes{4, 5}}};
}

struct FillOptions {
    int part = 0, parts = 1;
    int threads = 1;
    bool backwards = false;
    CrashPoint crash_point = nullptr;
};

/// Does what `renderih generate` does, with test records. Returns how many records it made.
inline int fill_dataset(const std::filesystem::path& dir,
                        const PlanOptions& plan,
                        const FillOptions& options = {}) {
    const ShardStore store(dir, make_test_description(plan), test_files(), options.crash_point);
    int made = 0;
    std::vector<ShardId> shards = store.pending(options.part, options.parts);
    if (options.backwards) {
        std::reverse(shards.begin(), shards.end());
    }
    for (const ShardId& shard : shards) {
        const auto writer = store.claim(shard);
        if (!writer) {
            continue;
        }
        std::vector<std::uint64_t> missing = writer->missing();
        if (options.backwards) {
            std::reverse(missing.begin(), missing.end());
        }
        parallel_for(missing.size(), options.threads, [&](std::size_t i) {
            writer->put_record(make_test_record(store.plan(), missing[i]),
                               make_test_members(plan.seed, missing[i]));
        });
        made += static_cast<int>(missing.size());
        writer->finish(1.5);
    }
    return made;
}

/// Replaces a file's bytes, without the syncs that make thousands of writes take minutes.
inline void overwrite(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
    RIH_ASSERT(out.good(), "{}: cannot write", path.string());
}
inline void overwrite(const std::filesystem::path& path, std::string_view text) {
    overwrite(path, as_bytes(text));
}

/// Path below `dir` -> bytes of every file but the manifest, whose order and times may differ.
inline std::map<std::string, Bytes> files_below(const std::filesystem::path& dir) {
    std::map<std::string, Bytes> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir)) {
        const std::string name = std::filesystem::relative(entry.path(), dir).string();
        if (entry.is_regular_file() && name != "manifest.jsonl") {
            files[name] = read_file(entry.path(), 1 << 30);
        }
    }
    return files;
}

} // namespace rih
