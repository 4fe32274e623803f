// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/shard_writer.h"

#include "renderih/base/error.h"
#include "renderih/base/sha256.h"
#include "renderih/base/write_all.h"
#include "renderih/dataset/partial_record.h"
#include "renderih/dataset/shard_index.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace rih {

namespace fs = std::filesystem;

namespace {

// The order of the members in a shard. The JSON comes first, so that a reader of the stream can
// choose by label before it decodes a picture.
constexpr std::array<std::string_view, 10> kMemberOrder = {"json",
                                                           "rgb.jpg",
                                                           "rgb.png",
                                                           "rgb.webp",
                                                           "seg.png",
                                                           "depth.png",
                                                           "amodal.png",
                                                           "normal.png",
                                                           "albedo.png",
                                                           "uv.png"};

std::size_t rank_of(const Member& member) {
    const auto found = std::find(kMemberOrder.begin(), kMemberOrder.end(), member.name);
    return static_cast<std::size_t>(found - kMemberOrder.begin());
}

void check_members(const std::vector<Member>& members, const Record& record) {
    const auto count = [&](std::string_view prefix) {
        return std::count_if(members.begin(), members.end(), [&](const Member& member) {
            return member.name.starts_with(prefix);
        });
    };
    for (const Member& member : members) {
        RIH_ASSERT(rank_of(member) < kMemberOrder.size() && member.name != "json" &&
                       count(member.name) == 1,
                   "record {}: unexpected member '{}'",
                   record.key(),
                   member.name);
    }
    if (record.is_converted()) {
        RIH_ASSERT(members.size() == 1 && count("rgb.") == 1,
                   "record {}: was converted, and takes one picture alone",
                   record.key());
        return;
    }
    RIH_ASSERT(count("rgb.") == 1 && count("seg.png") == 1 && count("depth.png") == 1 &&
                   count("amodal.png") == 1,
               "record {}: needs one picture, seg.png, depth.png and amodal.png",
               record.key());
}

/// A new file that is written from front to back.
class OutputFile {
  public:
    explicit OutputFile(const fs::path& path)
        : path_(path), file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
        require(file_.get() >= 0, "create");
    }
    void write(std::span<const std::uint8_t> bytes) { require(write_all(file_, bytes), "write"); }
    void finish() {
        require(::fsync(file_.get()) == 0, "sync");
        require(file_.close() == 0, "close");
    }

  private:
    void require(bool condition, const char* verb) const {
        RIH_REQUIRE(condition, "{}: cannot {}: {}", path_.string(), verb, std::strerror(errno));
    }
    fs::path path_;
    FileDescriptor file_;
};

void move_into_place(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::rename(from, to, error);
    RIH_REQUIRE(!error, "{}: cannot rename {}: {}", to.string(), from.string(), error.message());
}

} // namespace

fs::path partial_folder(const fs::path& dir) {
    return dir / ".partial";
}

fs::path partial_folder(const fs::path& dir, const ShardId& shard) {
    return partial_folder(dir) / fmt::format("{}-{:05}", name_of(shard.split), shard.index);
}

fs::path shard_lock_path(const fs::path& dir, const ShardId& shard) {
    fs::path path = partial_folder(dir, shard);
    path += ".lock";
    return path;
}

fs::path dataset_lock_path(const fs::path& dir) {
    return partial_folder(dir) / "lock";
}

ShardWriter::ShardWriter(fs::path dir,
                         const DatasetPlan& plan,
                         const ShardId& shard,
                         std::string configuration_sha256,
                         FileLock lock,
                         CrashPoint crash_point)
    : dir_(std::move(dir)), folder_(partial_folder(dir_, shard)), plan_(&plan), shard_(shard),
      configuration_sha256_(std::move(configuration_sha256)), lock_(std::move(lock)),
      crash_point_(std::move(crash_point)), records_(plan.records_of(shard)) {
    make_folder(folder_);
    make_folder(dir_ / name_of(shard.split));
    for (const std::uint64_t record : records_) {
        if (read_partial_record(record_path(record), configuration_sha256_)) {
            present_.insert(record);
        }
    }
}

fs::path ShardWriter::record_path(std::uint64_t record) const {
    return folder_ / (record_key(record) + ".tar");
}

void ShardWriter::crash_point(std::string_view name) const {
    if (crash_point_) {
        crash_point_(name);
    }
}

std::vector<std::uint64_t> ShardWriter::missing() const {
    const std::lock_guard guard(mutex_);
    std::vector<std::uint64_t> result;
    std::ranges::set_difference(records_, present_, std::back_inserter(result));
    return result;
}

void ShardWriter::put_record(const Record& record, std::vector<Member> members) {
    RIH_ASSERT(std::ranges::binary_search(records_, record.record),
               "record {} does not belong to shard {}",
               record.record,
               shard_.name());
    RIH_ASSERT(record.seed == plan_->options().seed && record.split == shard_.split &&
                   record.pose == plan_->pose_of(record.record) &&
                   record.view == plan_->view_of(record.record),
               "record {}: its seed, split, pose or view is not the plan's",
               record.record);
    check_members(members, record);
    const std::string json = to_json(record);
    members.push_back({"json", Bytes(json.begin(), json.end())});
    std::ranges::sort(members, {}, rank_of);
    write_partial_record(
        record_path(record.record), tar_of_record(record.record, members), configuration_sha256_);
    {
        const std::lock_guard guard(mutex_);
        present_.insert(record.record);
    }
    crash_point("record stored");
}

ManifestRow ShardWriter::assemble() const {
    ManifestRow row{.shard = shard_,
                    .first_record = records_.front(),
                    .last_record = records_.back(),
                    .records = records_.size()};
    OutputFile tar(folder_ / "shard.tar");
    Sha256 digest;
    std::vector<std::string> index;
    std::string rows;
    for (const std::uint64_t record : records_) {
        const fs::path path = record_path(record);
        const auto range = read_partial_record(path, configuration_sha256_);
        if (!range) {
            std::error_code ignored;
            fs::remove(path, ignored);
            throw_user_error("{}: was damaged after it had been written; the same command again "
                             "makes this record anew",
                             path.string());
        }
        tar.write(*range);
        digest.update(*range);
        auto members = members_of_record(*range, record, path.string());
        const Record labels = record_in_range(*range, members, 0, path.string());
        for (TarMember& member : members) {
            member.offset += row.bytes;
        }
        index.push_back(index_entry(members));
        rows += shard_row(labels, shard_, {record, row.bytes, range->size(), sha256_hex(*range)});
        rows += '\n';
        row.bytes += range->size();
    }
    const Bytes end(kTarEnd, 0);
    tar.write(end);
    digest.update(end);
    row.bytes += kTarEnd;
    row.sha256 = digest.finish();
    tar.finish();
    crash_point("tar written");
    const std::string text = index_text(index);
    row.idx_sha256 = sha256_hex(text);
    row.jsonl_sha256 = sha256_hex(rows);
    write_file_atomically(folder_ / "shard.idx.json", text);
    write_file_atomically(folder_ / "shard.jsonl", rows);
    crash_point("all written");
    return row;
}

void ShardWriter::finish(double seconds) {
    RIH_ASSERT(lock_.has_value(), "shard {} is finished already", shard_.name());
    RIH_ASSERT(missing().empty(), "shard {} has records to be made", shard_.name());
    ManifestRow row = assemble();
    row.seconds = seconds;
    const std::string name = (dir_ / shard_.name()).string();
    move_into_place(folder_ / "shard.idx.json", name + ".idx.json");
    crash_point("index renamed");
    move_into_place(folder_ / "shard.jsonl", name + ".jsonl");
    crash_point("rows renamed");
    move_into_place(folder_ / "shard.tar", name + ".tar");
    sync_folder(fs::path(name).parent_path());
    crash_point("tar renamed");
    {
        const FileLock guard = FileLock::wait(dataset_lock_path(dir_));
        append_to_manifest(dir_, row);
    }
    crash_point("manifest appended");
    std::error_code ignored; // the shard is complete; the next run tidies up what stays
    fs::remove_all(folder_, ignored);
    fs::remove(shard_lock_path(dir_, shard_), ignored);
    crash_point("tidied");
    lock_.reset();
    const FileLock guard = FileLock::wait(dataset_lock_path(dir_));
    if (read_manifest(dir_).size() == static_cast<std::size_t>(plan_->shard_count())) {
        fs::remove_all(partial_folder(dir_), ignored);
    }
}

} // namespace rih
