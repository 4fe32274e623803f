// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/integrity.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/base/sha256.h"
#include "renderih/dataset/description.h"
#include "renderih/dataset/manifest.h"
#include "renderih/dataset/shard_check.h"

#include <set>

namespace rih {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxDatasetJson = std::uint64_t{4} << 20;
constexpr std::size_t kMaxListed = 20; // missing shards and extra files that are named
constexpr std::array<Split, 3> kSplits = {Split::Train, Split::Val, Split::Test};

void check_files(const fs::path& dir,
                 const DatasetDescription& description,
                 std::vector<Finding>& findings) {
    for (const auto& [path, digest] : description.files) {
        try {
            if (sha256_of_file(dir / path) != digest) {
                findings.push_back({path, "", "was changed: its sha256 is not dataset.json's"});
            }
        } catch (const UserError& error) {
            findings.push_back({path, "", error.what()});
        }
    }
    if (!fs::exists(dir / "README.md")) {
        findings.push_back({"README.md", "", "is missing"});
    }
}

void check_all_there(const DatasetPlan& plan,
                     const std::set<ShardId>& shards,
                     std::vector<Finding>& findings) {
    const std::size_t count = static_cast<std::size_t>(plan.shard_count());
    if (shards.size() == count) {
        return;
    }
    findings.push_back({"manifest.jsonl",
                        "",
                        fmt::format("{} of {} shards are finished: run the same generate command "
                                    "again to go on",
                                    shards.size(),
                                    count)});
    std::size_t listed = 0;
    for (int s = 0; s < plan.shard_count() && listed < kMaxListed; ++s) {
        if (const ShardId shard = plan.shard(s); !shards.contains(shard)) {
            findings.push_back({shard.name() + ".tar", "", "is not in the manifest"});
            ++listed;
        }
    }
}

/// A stray tar would be taken for a shard by whoever reads train/*.tar.
void check_no_extra_files(const fs::path& dir,
                          const std::set<ShardId>& shards,
                          std::vector<Finding>& findings) {
    std::set<std::string> expected;
    for (const ShardId& shard : shards) {
        for (const char* ending : {".tar", ".idx.json", ".jsonl"}) {
            expected.insert(shard.name() + ending);
        }
    }
    std::size_t listed = 0;
    for (const Split split : kSplits) {
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(dir / name_of(split), error)) {
            const std::string name =
                fmt::format("{}/{}", name_of(split), entry.path().filename().string());
            if (!expected.contains(name) && listed++ < kMaxListed) {
                findings.push_back({name, "", "does not belong to the data set"});
            } else if (expected.contains(name) && entry.is_symlink(error)) {
                findings.push_back({name, "", "is a link, not a file"});
            }
        }
    }
    if (listed > kMaxListed) {
        findings.push_back({"", "", fmt::format("{} more extra files", listed - kMaxListed)});
    }
}

} // namespace

std::string Finding::text() const {
    return fmt::format("{}{}{}: {}", file, key.empty() ? "" : " ", key, what);
}

std::vector<Finding> check_integrity(const fs::path& dir, int threads) {
    const fs::path description_path = dir / "dataset.json";
    const std::string text = read_text_file(description_path, kMaxDatasetJson);
    const DatasetDescription description = dataset_from_json(text, description_path.string());
    const DatasetPlan plan(description.plan);
    std::vector<Finding> findings;
    if (!is_unchanged_dataset_json(text)) {
        findings.push_back({"dataset.json", "", "was changed: its own digest does not agree"});
    }
    check_files(dir, description, findings);

    std::vector<ManifestRow> rows = read_manifest(dir, [&](const std::string& problem) {
        findings.push_back({"manifest.jsonl", "", problem});
    });
    std::erase_if(rows, [&](const ManifestRow& row) {
        const bool is_stranger = !plan.contains(row.shard);
        if (is_stranger) {
            findings.push_back(
                {"manifest.jsonl",
                 "",
                 fmt::format("lists {}, which the plan does not have", row.shard.name())});
        }
        return is_stranger;
    });
    std::set<ShardId> shards;
    for (const ManifestRow& row : rows) {
        shards.insert(row.shard);
    }
    check_all_there(plan, shards, findings);
    check_no_extra_files(dir, shards, findings);

    std::vector<std::vector<Finding>> of_shard(rows.size());
    parallel_for(rows.size(), threads, [&](std::size_t i) {
        of_shard[i] = check_shard(dir, plan, rows[i]);
    });
    for (std::vector<Finding>& some : of_shard) {
        std::ranges::move(some, std::back_inserter(findings));
    }
    return findings;
}

} // namespace rih
