// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/merge.h"

#include "renderih/base/atomic_file.h"
#include "renderih/base/error.h"
#include "renderih/base/sha256.h"
#include "renderih/base/write_all.h"
#include "renderih/dataset/card.h"
#include "renderih/dataset/reader.h"
#include "renderih/dataset/shard_store.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <list>

namespace rih {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kCopyBytes = std::size_t{1} << 20;
constexpr std::uint64_t kMaxFile = std::uint64_t{1} << 30;

/// A file of a shard beside its tar, and the manifest's digest of it; the tar last.
struct ShardFile {
    const char* ending;
    std::string ManifestRow::* sha256;
};
constexpr std::array<ShardFile, 3> kShardFiles{{{".idx.json", &ManifestRow::idx_sha256},
                                                {".jsonl", &ManifestRow::jsonl_sha256},
                                                {".tar", &ManifestRow::sha256}}};

std::map<std::string, Bytes> files_of(const DatasetReader& reader) {
    std::map<std::string, Bytes> files;
    for (const auto& [path, sha256] : reader.description().files) {
        const fs::path from = reader.dir() / path;
        Bytes bytes = read_file(from, kMaxFile);
        RIH_REQUIRE(sha256_hex(bytes) == sha256,
                    "{}: is not the file that dataset.json names",
                    from.string());
        files[path] = std::move(bytes);
    }
    return files;
}

/// The description less the digests of files, which the store adds again.
DatasetDescription description_of(const DatasetReader& reader) {
    DatasetDescription description = reader.description();
    description.files.clear();
    return description;
}

/// Copies a file, or links to it; returns the digest of what it holds.
std::string copy_file(const fs::path& from, const AtomicFile& to, const MergeOptions& options) {
    if (options.hard_links) {
        std::error_code error;
        fs::remove(to.temporary(), error);
        fs::create_hard_link(from, to.temporary(), error);
        if (!error) {
            return sha256_of_file(from);
        }
        // Another file system, or one without links.
    }
    std::uint64_t size = 0;
    const FileDescriptor input = open_plain_file(from, size);
    FileDescriptor output(
        ::open(to.temporary().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (output.get() < 0) {
        to.fail("create");
    }
    Sha256 digest;
    Bytes buffer(kCopyBytes);
    while (const std::size_t n = read_some(input, buffer, from)) {
        const auto piece = std::span<const std::uint8_t>(buffer).first(n);
        digest.update(piece);
        if (!write_all(output, piece)) {
            to.fail("write");
        }
    }
    if (output.close() != 0) {
        to.fail("close");
    }
    return digest.finish();
}

void copy_shard(const fs::path& part,
                const ManifestRow& row,
                const fs::path& out,
                const MergeOptions& options) {
    const fs::path folder = partial_folder(out, row.shard);
    make_folder(folder);
    make_folder(out / name_of(row.shard.split));
    for (const ShardFile& file : kShardFiles) {
        const fs::path from = part / (row.shard.name() + file.ending),
                       copy = folder / (std::string("merged") + file.ending);
        AtomicFile whole(copy);
        RIH_REQUIRE(copy_file(from, whole, options) == row.*file.sha256,
                    "{}: is not what {} says it is: make the shard again, or copy it again",
                    from.string(),
                    (part / "manifest.jsonl").string());
        whole.commit();
    }
    for (const ShardFile& file : kShardFiles) {
        std::error_code error;
        const fs::path to = out / (row.shard.name() + file.ending);
        fs::rename(folder / (std::string("merged") + file.ending), to, error);
        RIH_REQUIRE(!error, "{}: cannot be put into place: {}", to.string(), error.message());
    }
    sync_folder(out / name_of(row.shard.split));
}

} // namespace

MergeSummary merge_datasets(const std::vector<fs::path>& parts,
                            const fs::path& out,
                            const MergeOptions& options) {
    RIH_REQUIRE(!parts.empty(), "there is nothing to merge: name the folders of the parts");
    std::list<DatasetReader> readers; // they do not move
    for (const fs::path& part : parts) {
        RIH_REQUIRE(!fs::exists(out) || !fs::equivalent(part, out),
                    "{}: is the merged data set itself; name the other parts only",
                    part.string());
        readers.emplace_back(part);
        const std::string difference = difference_of(dataset_json(readers.back().description()),
                                                     dataset_json(readers.front().description()));
        RIH_REQUIRE(difference.empty(),
                    "{}: was made with other settings than {}: {}",
                    part.string(),
                    parts.front().string(),
                    difference);
    }
    const DatasetDescription description = description_of(readers.front());
    const std::map<std::string, Bytes> files = files_of(readers.front());
    const ShardStore store(out, description, files);
    MergeSummary summary;
    std::map<ShardId, std::string> have;
    for (const ManifestRow& row : read_manifest(out)) {
        have[row.shard] = row.sha256;
    }
    for (const DatasetReader& reader : readers) {
        for (const ManifestRow& row : reader.shards()) {
            if (const auto found = have.find(row.shard); found != have.end()) {
                RIH_REQUIRE(found->second == row.sha256,
                            "{}: its {} is not the one that another part has; verify both",
                            reader.dir().string(),
                            row.shard.name());
                ++summary.present;
                continue;
            }
            const auto lock = FileLock::attempt(shard_lock_path(out, row.shard));
            RIH_REQUIRE(lock,
                        "{}: another process works on {}; merge again when it is done",
                        out.string(),
                        row.shard.name());
            copy_shard(reader.dir(), row, out, options);
            {
                const FileLock manifest = FileLock::wait(dataset_lock_path(out));
                append_to_manifest(out, row);
            }
            have[row.shard] = row.sha256;
            ++summary.merged;
        }
    }
    summary.missing = store.plan().shard_count() - static_cast<int>(have.size());
    // Opened once more, it tidies up what the copies left.
    const ShardStore tidy(out, description, files);
    complete_card(out);
    return summary;
}

} // namespace rih
