// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/shard_check.h"

#include "renderih/base/error.h"
#include "renderih/base/sha256.h"
#include "renderih/dataset/random_file.h"
#include "renderih/dataset/shard_index.h"

#include <algorithm>
#include <map>
#include <optional>

namespace rih {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxFindings = 200; // of one shard

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// The key with which a line of either file begins; empty when there is none.
std::string_view key_in_line(std::string_view line) {
    for (const std::string_view before : {"{\"key\":\"", "\""}) {
        if (line.starts_with(before) && is_record_key(line.substr(before.size(), 12))) {
            return line.substr(before.size(), 12);
        }
    }
    return {};
}

class ShardCheck {
  public:
    ShardCheck(const fs::path& dir, const DatasetPlan& plan, const ManifestRow& row)
        : dir_(dir), plan_(plan), row_(row), name_(row.shard.name()),
          records_(plan.records_of(row.shard)) {}

    std::vector<Finding> run() {
        check_manifest_row();
        index_ = read_text(".idx.json", kMaxIndexBytes);
        rows_ = read_text(".jsonl", kMaxRowsBytes);
        rows_intact_ = rows_ && sha256_hex(*rows_) == row_.jsonl_sha256;
        if (rows_) {
            collect_lines(*rows_, row_of_record_);
        }
        if (index_) {
            collect_lines(*index_, entry_of_record_);
        }
        try {
            const RandomFile tar(dir_ / (name_ + ".tar"));
            check_tar(tar);
        } catch (const UserError& error) {
            find(".tar", "", error.what());
        }
        check_text(".idx.json", index_, expected_index_, row_.idx_sha256, entry_of_record_);
        check_text(".jsonl", rows_, expected_rows_, row_.jsonl_sha256, row_of_record_);
        return std::move(findings_);
    }

  private:
    using Lines = std::map<std::uint64_t, std::string_view>;

    void find(const char* ending, const std::string& key, const std::string& what) {
        if (findings_.size() < kMaxFindings) {
            findings_.push_back({name_ + ending, key, what});
        } else if (findings_.size() == kMaxFindings) {
            findings_.push_back({name_, "", "and more"});
        }
    }

    void check_manifest_row() {
        if (row_.records != records_.size() || row_.first_record != records_.front() ||
            row_.last_record != records_.back()) {
            findings_.push_back(
                {"manifest.jsonl",
                 "",
                 fmt::format("the row of {} gives records that are not the plan's", name_)});
        }
    }

    std::optional<std::string> read_text(const char* ending, std::uint64_t max_bytes) {
        try {
            return read_text_file(dir_ / (name_ + ending), max_bytes);
        } catch (const UserError& error) {
            find(ending, "", error.what());
            return std::nullopt;
        }
    }

    static void collect_lines(std::string_view text, Lines& lines) {
        for (std::string_view line : lines_of(text)) {
            if (line.ends_with(',')) {
                line.remove_suffix(1);
            }
            if (const auto key = key_in_line(line); !key.empty()) {
                lines.emplace(record_of_key(key), line);
            }
        }
    }

    /// Where the record should lie: in a damaged tar its row says it, else the headers from `at`
    /// on.
    std::optional<RecordPlace>
    place_of(const RandomFile& tar, std::uint64_t record, std::uint64_t at, bool tar_is_intact) {
        const auto line = row_of_record_.find(record);
        if (!tar_is_intact && line != row_of_record_.end()) {
            try {
                return place_from_row(line->second, "");
            } catch (const UserError&) {
                // The row's own check reports it.
            }
        }
        RecordPlace place{record, at, 0, ""};
        try {
            for (std::uint64_t next = at; next + kTarEnd < tar.size();) {
                const Bytes header = tar.read(next, kTarBlock);
                if (std::ranges::all_of(header, [](std::uint8_t byte) { return byte == 0; })) {
                    break; // the end of the archive, wherever it lies
                }
                const TarMember member = read_tar_header(header, next, "");
                if (member.key != record_key(record)) {
                    break;
                }
                next = member.offset + padded_to_blocks(member.size);
                place.bytes = next - at;
            }
        } catch (const UserError&) {
            return std::nullopt;
        }
        return place.bytes > 0 ? std::optional(place) : std::nullopt;
    }

    void check_tar(const RandomFile& tar) {
        if (tar.size() != row_.bytes) {
            find(
                ".tar",
                "",
                fmt::format("has {} bytes, although the manifest says {}", tar.size(), row_.bytes));
        }
        const std::string sha256 = sha256_of_file(tar.path());
        const bool is_intact = sha256 == row_.sha256;
        const std::size_t findings_before = findings_.size();
        std::uint64_t at = 0;
        bool is_whole = true;
        for (const std::uint64_t record : records_) {
            const auto place = place_of(tar, record, at, is_intact);
            if (!place || place->offset > tar.size() || place->bytes > tar.size() - place->offset) {
                find(".tar", record_key(record), "is missing, or cut off");
                is_whole = false;
                continue;
            }
            is_whole = is_whole && place->offset == at;
            at = place->offset + place->bytes;
            check_record(tar, *place, is_intact);
        }
        if (is_whole) {
            check_end(tar, at);
        }
        if (!is_intact && findings_.size() == findings_before) {
            find(".tar",
                 "",
                 "its sha256 is not the manifest's, although every record agrees with its own "
                 "digest: the manifest's row was changed");
        }
    }

    void check_end(const RandomFile& tar, std::uint64_t at) {
        const bool has_length = at <= tar.size() && tar.size() - at == kTarEnd;
        const Bytes end = has_length ? tar.read(at, kTarEnd) : Bytes{1};
        if (std::ranges::any_of(end, [](std::uint8_t byte) { return byte != 0; })) {
            find(
                ".tar", "", "bytes outside of any record, at the end of the archive, were changed");
        }
    }

    void check_record(const RandomFile& tar, const RecordPlace& place, bool tar_is_intact) {
        const std::string key = record_key(place.record);
        const Bytes range = tar.read(place.offset, place.bytes);
        const std::string digest = sha256_hex(range);
        if (!tar_is_intact && !place.sha256.empty() && digest != place.sha256) {
            find(".tar",
                 key,
                 rows_intact_ ? "its bytes were changed (record_sha256 differs)"
                              : "its bytes and its record_sha256 disagree");
            return;
        }
        try {
            auto members = members_of_record(range, place.record, "tar");
            for (TarMember& member : members) {
                member.offset += place.offset;
            }
            const Record record = record_in_range(range, members, place.offset, "json");
            check_labels(record, key);
            expected_index_[place.record] = index_entry(members);
            expected_rows_[place.record] =
                shard_row(record, row_.shard, {place.record, place.offset, place.bytes, digest});
        } catch (const UserError& error) {
            find(".tar", key, error.what());
        }
    }

    void check_labels(const Record& record, const std::string& key) {
        const std::uint64_t number = record_of_key(key);
        if (record.record != number || record.view != plan_.view_of(number) ||
            record.seed != plan_.options().seed) {
            find(".tar", key, "its JSON gives a seed, record or view that is not the plan's");
        }
        if (record.pose != plan_.pose_of(number) || record.split != row_.shard.split) {
            find(".tar",
                 key,
                 fmt::format("its JSON gives pose {} in {}, where the plan has pose {} in {}: one "
                             "pose would be in two splits",
                             record.pose,
                             name_of(record.split),
                             plan_.pose_of(number),
                             name_of(row_.shard.split)));
        }
    }

    /// Compares the index or the rows with what the tar says.
    void check_text(const char* ending,
                    const std::optional<std::string>& text,
                    const std::map<std::uint64_t, std::string>& expected,
                    const std::string& sha256,
                    const Lines& lines) {
        if (!text) {
            return;
        }
        bool found = false;
        for (const auto& [record, line] : expected) {
            const auto given = lines.find(record);
            if (given == lines.end() || given->second != line) {
                find(ending,
                     record_key(record),
                     given == lines.end() ? "is missing" : "is not what the tar says");
                found = true;
            }
        }
        for (const auto& [record, line] : lines) {
            if (!std::ranges::binary_search(records_, record)) {
                find(ending, record_key(record), "does not belong to this shard");
                found = true;
            }
        }
        if (!found && sha256_hex(*text) != sha256) {
            find(ending, "", "its sha256 is not the manifest's");
        }
    }

    const fs::path& dir_;
    const DatasetPlan& plan_;
    const ManifestRow& row_;
    std::string name_;
    std::vector<std::uint64_t> records_;
    std::optional<std::string> index_, rows_;
    bool rows_intact_ = false;
    Lines entry_of_record_, row_of_record_;
    std::map<std::uint64_t, std::string> expected_index_, expected_rows_;
    std::vector<Finding> findings_;
};

} // namespace

std::vector<Finding>
check_shard(const fs::path& dir, const DatasetPlan& plan, const ManifestRow& row) {
    return ShardCheck(dir, plan, row).run();
}

} // namespace rih
