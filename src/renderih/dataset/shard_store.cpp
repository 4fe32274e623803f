// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/shard_store.h"

#include "renderih/base/error.h"
#include "renderih/base/sha256.h"
#include "renderih/dataset/manifest.h"
#include "renderih/dataset/own_file.h"

namespace rih {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxDatasetJson = std::uint64_t{4} << 20;

DatasetDescription with_files(DatasetDescription description,
                              const std::map<std::string, Bytes>& files) {
    for (const auto& [path, bytes] : files) {
        RIH_ASSERT(is_plain_path(path), "'{}' is no plain path below the data set", path);
        description.files[path] = sha256_hex(bytes);
    }
    return description;
}

} // namespace

ShardStore::ShardStore(fs::path dir,
                       DatasetDescription description,
                       const std::map<std::string, Bytes>& files,
                       CrashPoint crash_point)
    : dir_(std::move(dir)), description_(with_files(std::move(description), files)),
      plan_(description_.plan), dataset_json_(dataset_json(description_)),
      configuration_sha256_(rih::configuration_sha256(description_)),
      crash_point_(std::move(crash_point)) {
    const fs::path path = dir_ / "dataset.json";
    if (fs::exists(path)) {
        check_same(read_text_file(path, kMaxDatasetJson));
        restore(files);
    } else {
        begin(files);
    }
    // What a run left behind that was killed between the manifest's row and the tidying up.
    clean_up();
}

void ShardStore::check_same(const std::string& stored) const {
    const std::string what = (dir_ / "dataset.json").string();
    dataset_from_json(stored, what);
    const std::string difference = difference_of(stored, dataset_json_);
    RIH_REQUIRE(difference.empty(),
                "{}: was begun with other settings: {}; use another folder, or the same settings",
                dir_.string(),
                difference);
}

void ShardStore::restore(const std::map<std::string, Bytes>& files) {
    for (const auto& [path, bytes] : files) {
        if (!fs::exists(dir_ / path)) {
            const FileLock lock = FileLock::wait(dataset_lock_path(dir_));
            write_own_file(dir_ / path, bytes);
            restored_files_.push_back(path);
            continue;
        }
        RIH_REQUIRE(sha256_of_file(dir_ / path) == description_.files.at(path),
                    "{}: was changed since the data set was begun; remove it, and the same command "
                    "writes it again",
                    (dir_ / path).string());
    }
}

void ShardStore::begin(const std::map<std::string, Bytes>& files) {
    // Before anything is written: a folder that holds something else is not ours to fill.
    std::set<std::string> expected = {".partial", "README.md", "dataset.json"};
    for (const auto& [path, bytes] : files) {
        expected.insert(path.substr(0, path.find('/')));
    }
    if (fs::exists(dir_)) {
        RIH_REQUIRE(fs::is_directory(dir_), "{}: is no folder", dir_.string());
        for (const fs::directory_entry& entry : fs::directory_iterator(dir_)) {
            const std::string name = entry.path().filename().string();
            if (expected.contains(name) || name.find(".tmp.") != std::string::npos) {
                continue;
            }
            // Another process may have begun the same data set since we looked.
            RIH_REQUIRE(fs::exists(dir_ / "dataset.json"),
                        "{}: holds '{}' and no data set: choose an empty or a new folder",
                        dir_.string(),
                        name);
            break;
        }
    }
    make_folder(dir_);
    const FileLock lock = FileLock::wait(dataset_lock_path(dir_));
    if (fs::exists(dir_ / "dataset.json")) { // another process was first
        check_same(read_text_file(dir_ / "dataset.json", kMaxDatasetJson));
        return;
    }
    remove_temporary_files(dir_);
    for (const auto& [path, bytes] : files) {
        write_own_file(dir_ / path, bytes);
    }
    write_file_atomically(dir_ / "README.md", dataset_card(description_));
    if (crash_point_) {
        crash_point_("before dataset.json");
    }
    write_file_atomically(dir_ / "dataset.json", dataset_json_);
}

std::set<ShardId> ShardStore::shards_in_manifest() const {
    std::set<ShardId> shards;
    for (const ManifestRow& row : read_manifest(dir_)) {
        RIH_REQUIRE(plan_.contains(row.shard),
                    "{}: manifest.jsonl lists {}, which the plan does not have",
                    dir_.string(),
                    row.shard.name());
        const fs::path path = dir_ / (row.shard.name() + ".tar");
        std::error_code error;
        const auto size = fs::file_size(path, error);
        RIH_REQUIRE(!error && size == row.bytes,
                    "{}: is {}, although the manifest says it is complete: run renderih verify "
                    "with --repair to make it again",
                    path.string(),
                    error ? "missing" : "of another size");
        for (const char* ending : {".idx.json", ".jsonl"}) {
            const fs::path beside = dir_ / (row.shard.name() + ending);
            RIH_REQUIRE(fs::exists(beside),
                        "{}: is missing, although the manifest says the shard is complete: run "
                        "renderih verify with --repair to make it again",
                        beside.string());
        }
        shards.insert(row.shard);
    }
    return shards;
}

std::vector<ShardId> ShardStore::pending(int part, int parts) const {
    const std::set<ShardId> done = shards_in_manifest();
    std::vector<ShardId> shards = plan_.shards_of_part(part, parts);
    std::erase_if(shards, [&](const ShardId& shard) { return done.contains(shard); });
    return shards;
}

std::unique_ptr<ShardWriter> ShardStore::claim(const ShardId& shard) const {
    RIH_ASSERT(plan_.contains(shard), "the plan has no shard {}", shard.name());
    auto lock = FileLock::attempt(shard_lock_path(dir_, shard));
    if (!lock) {
        return nullptr;
    }
    for (const ManifestRow& row : read_manifest(dir_)) {
        if (row.shard == shard) { // another process was faster
            lock.reset();
            clean_up();
            return nullptr;
        }
    }
    return std::make_unique<ShardWriter>(
        dir_, plan_, shard, configuration_sha256_, std::move(*lock), crash_point_);
}

void ShardStore::clean_up() const {
    // Tidying is best effort: what cannot be removed does no harm, and verify names it.
    std::error_code error;
    if (!fs::exists(partial_folder(dir_), error)) {
        return;
    }
    const std::set<ShardId> done = shards_in_manifest();
    for (const ShardId& shard : done) {
        const fs::path folder = partial_folder(dir_, shard);
        const fs::path lock_path = shard_lock_path(dir_, shard);
        if (fs::exists(folder, error) || fs::exists(lock_path, error)) {
            if (const auto lock = FileLock::attempt(lock_path)) {
                fs::remove_all(folder, error);
                fs::remove(lock_path, error);
            }
        }
    }
    if (static_cast<int>(done.size()) == plan_.shard_count()) {
        const FileLock lock = FileLock::wait(dataset_lock_path(dir_));
        fs::remove_all(partial_folder(dir_), error);
    }
}

} // namespace rih
