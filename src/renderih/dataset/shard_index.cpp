// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/shard_index.h"

#include "renderih/base/error.h"
#include "renderih/base/json_fields.h"
#include "renderih/dataset/json_writer.h"

#include <algorithm>

namespace rih {

namespace {

constexpr std::size_t kMaxMembers = 64;
constexpr std::uint64_t kMaxOffset = std::uint64_t{1} << 50;

/// Calls body(line, number from 1) for each line of the text, the last one included.
template <typename Body>
void for_each_line(std::string_view text, Body body) {
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        body(text.substr(0, end), number);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

IndexEntry entry_from_line(std::string_view line, const std::string& what) {
    // The line is `"KEY":{...}`; with braces around it, it is JSON.
    const OrderedJson document =
        parse_json(fmt::format("{{{}}}", line), what, {.max_bytes = 65536, .max_depth = 5});
    JsonObject fields(JsonValue(document, what));
    const auto keys = fields.names(1);
    RIH_REQUIRE(
        keys.size() == 1 && is_record_key(keys[0]), "{}: expected one key of 12 digits", what);
    IndexEntry entry;
    entry.record = record_of_key(keys[0]);
    JsonObject members = fields.object(keys[0]);
    for (const std::string& name : members.names(kMaxMembers)) {
        const JsonValue value = members.at(name);
        RIH_REQUIRE(is_member_name(name), "{}: {}: a member's name that is none", what, keys[0]);
        const auto place = value.elements(2);
        entry.members.push_back({keys[0],
                                 name,
                                 place[0].unsigned_integer(kMaxOffset),
                                 place[1].unsigned_integer(kMaxRecordBytes)});
    }
    std::ranges::sort(entry.members, {}, &TarMember::offset);
    return entry;
}

} // namespace

std::string index_entry(const std::vector<TarMember>& members) {
    JsonWriter out;
    out.key(members.at(0).key);
    out.begin_object();
    for (const TarMember& member : members) {
        out.key(member.name);
        out.begin_array();
        out.value(member.offset);
        out.value(member.size);
        out.end_array();
    }
    out.end_object();
    return out.take();
}

std::string index_text(const std::vector<std::string>& entries) {
    return fmt::format("{{\n{}\n}}\n", fmt::join(entries, ",\n"));
}

std::string shard_row(const Record& record, const ShardId& shard, const RecordPlace& place) {
    std::string row = flat_row_json(record);
    row.pop_back();
    row += fmt::format(R"(,"shard":"{}.tar","offset":{},"bytes":{},"record_sha256":"{}"}})",
                       shard.name(),
                       place.offset,
                       place.bytes,
                       place.sha256);
    return row;
}

std::vector<IndexEntry>
index_from_text(std::string_view text, std::uint64_t tar_bytes, const std::string& what) {
    RIH_REQUIRE(text.starts_with("{\n") && text.ends_with("\n}\n") && text.size() > 5,
                "{}: not an index: expected one record a line between braces",
                what);
    std::vector<IndexEntry> entries;
    std::uint64_t end_of_last = 0;
    for_each_line(text.substr(2, text.size() - 5), [&](std::string_view line, std::size_t number) {
        const std::string where = fmt::format("{}:{}", what, number + 1);
        const bool is_last = line.data() + line.size() == text.data() + text.size() - 3;
        RIH_REQUIRE(is_last || line.ends_with(','), "{}: expected a comma at its end", where);
        line.remove_suffix(is_last ? 0 : 1);
        RIH_REQUIRE(std::ssize(entries) < kMaxRecordsPerShard, "{}: too many records", where);
        IndexEntry entry = entry_from_line(line, where);
        RIH_REQUIRE(entries.empty() || entries.back().record < entry.record,
                    "{}: record {} is out of order",
                    where,
                    record_key(entry.record));
        for (const TarMember& member : entry.members) {
            RIH_REQUIRE(member.offset % kTarBlock == 0 &&
                            member.offset >= end_of_last + kTarBlock &&
                            member.offset + member.size <= tar_bytes,
                        "{}: {} {}: [{}, {}] overlaps another member or lies outside the shard",
                        where,
                        member.key,
                        member.name,
                        member.offset,
                        member.size);
            end_of_last = member.offset + padded_to_blocks(member.size);
        }
        entries.push_back(std::move(entry));
    });
    return entries;
}

RecordPlace place_from_row(std::string_view row, const std::string& what) {
    const OrderedJson document = parse_json(row, what, {.max_bytes = kMaxRowBytes, .max_depth = 3});
    JsonObject fields(JsonValue(document, what));
    const std::string key = fields.at("key").text(12);
    RIH_REQUIRE(is_record_key(key), "{}: key: expected 12 digits", what);
    return {record_of_key(key),
            fields.at("offset").unsigned_integer(kMaxOffset),
            fields.at("bytes").unsigned_integer(kMaxRecordBytes),
            fields.at("record_sha256").sha256()};
}

Record record_in_range(std::span<const std::uint8_t> range,
                       const std::vector<TarMember>& members,
                       std::uint64_t range_offset,
                       const std::string& what) {
    for (const TarMember& member : members) {
        if (member.name == "json") {
            const auto bytes = range.subspan(member.offset - range_offset, member.size);
            return record_from_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                                    what);
        }
    }
    throw_user_error("{}: has no member json", what);
}

} // namespace rih
