// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/manifest.h"

#include "renderih/base/error.h"
#include "renderih/base/json_fields.h"
#include "renderih/base/write_all.h"
#include "renderih/dataset/json_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>

namespace rih {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxManifestBytes = std::uint64_t{256} << 20;
constexpr std::uint64_t kMaxShardBytes = std::uint64_t{1} << 50;
constexpr const char* kFileName = "manifest.jsonl";

class OpenFile {
  public:
    explicit OpenFile(const fs::path& path)
        : path_(path), file_(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
        require(file_.get() >= 0, "open");
    }
    int get() const { return file_.get(); }
    const FileDescriptor& descriptor() const { return file_; }
    void require(bool condition, const char* verb) const {
        RIH_REQUIRE(condition, "{}: cannot {}: {}", path_.string(), verb, std::strerror(errno));
    }

  private:
    fs::path path_;
    FileDescriptor file_;
};

} // namespace

ShardId shard_of_name(std::string_view name) {
    const auto slash = name.find('/');
    RIH_REQUIRE(slash != std::string_view::npos && name.size() == slash + 6,
                "'{}' is no shard: expected SPLIT/NNNNN",
                name.substr(0, 64));
    ShardId shard{split_of_name(name.substr(0, slash)), 0};
    for (const char c : name.substr(slash + 1)) {
        RIH_REQUIRE(c >= '0' && c <= '9', "'{}' is no shard: expected SPLIT/NNNNN", name);
        shard.index = shard.index * 10 + (c - '0');
    }
    return shard;
}

std::string to_json(const ManifestRow& row) {
    JsonWriter out;
    out.begin_object();
    out.field("path", row.shard.name() + ".tar");
    out.field("sha256", row.sha256);
    out.field("bytes", row.bytes);
    out.field("first_record", row.first_record);
    out.field("last_record", row.last_record);
    out.field("records", row.records);
    out.field("seconds", row.seconds);
    out.field("idx_sha256", row.idx_sha256);
    out.field("jsonl_sha256", row.jsonl_sha256);
    out.end_object();
    return out.take();
}

ManifestRow manifest_row_from_json(std::string_view line, const std::string& what) {
    const OrderedJson document = parse_json(line, what, {.max_bytes = 65536, .max_depth = 4});
    JsonObject fields(JsonValue(document, what));
    ManifestRow row;
    const JsonValue path = fields.at("path");
    const std::string text = path.text(64);
    if (!text.ends_with(".tar")) {
        path.fail("expected SPLIT/NNNNN.tar");
    }
    try {
        row.shard = shard_of_name(std::string_view(text).substr(0, text.size() - 4));
    } catch (const UserError&) {
        path.fail("expected SPLIT/NNNNN.tar");
    }
    row.sha256 = fields.at("sha256").sha256();
    row.bytes = fields.at("bytes").unsigned_integer(kMaxShardBytes);
    row.first_record = fields.at("first_record").unsigned_integer(kMaxRecords - 1);
    row.last_record = fields.at("last_record").unsigned_integer(kMaxRecords - 1);
    row.records = fields.at("records").unsigned_integer(kMaxRecords);
    row.seconds = fields.at("seconds").number(0);
    row.idx_sha256 = fields.at("idx_sha256").sha256();
    row.jsonl_sha256 = fields.at("jsonl_sha256").sha256();
    fields.finish();
    return row;
}

std::vector<ManifestRow> read_manifest(const fs::path& dir,
                                       const std::function<void(const std::string&)>& on_problem) {
    const fs::path path = dir / kFileName;
    std::vector<ManifestRow> rows;
    if (!fs::exists(path)) {
        return rows;
    }
    const std::string text = read_text_file(path, kMaxManifestBytes);
    std::set<ShardId> seen;
    std::size_t line_number = 0, begin = 0;
    for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
        const std::string what = fmt::format("{}:{}", path.string(), ++line_number);
        try {
            ManifestRow row =
                manifest_row_from_json(std::string_view(text).substr(begin, end - begin), what);
            RIH_REQUIRE(
                seen.insert(row.shard).second, "{}: {} is listed twice", what, row.shard.name());
            rows.push_back(std::move(row));
        } catch (const UserError& error) {
            if (!on_problem) {
                throw;
            }
            on_problem(error.what());
        }
    }
    return rows;
}

void append_to_manifest(const fs::path& dir, const ManifestRow& row) {
    const OpenFile file(dir / kFileName);
    const off_t size = ::lseek(file.get(), 0, SEEK_END);
    file.require(size >= 0, "measure");
    off_t whole = size; // up to and with the last newline
    for (char c = 0; whole > 0; --whole) {
        file.require(::pread(file.get(), &c, 1, whole - 1) == 1, "read");
        if (c == '\n') {
            break;
        }
    }
    if (whole != size) {
        file.require(::ftruncate(file.get(), whole) == 0, "repair");
    }
    const std::string line = to_json(row) + "\n";
    if (!write_all(file.descriptor(), as_bytes(line)) || ::fsync(file.get()) != 0) {
        const int error = errno;
        // Half a line does no harm, but the disk may be full: leave the file as it was.
        [[maybe_unused]] const int ignored = ::ftruncate(file.get(), whole);
        errno = error;
        file.require(false, "append");
    }
    sync_folder(dir);
}

} // namespace rih
