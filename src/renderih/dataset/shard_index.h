// SPDX-License-Identifier: Apache-2.0
// The two files beside a shard: NNNNN.idx.json (key -> member -> [offset, size], one record a line)
// and NNNNN.jsonl (one flat row a record, with the record's place and digest). Both are functions
// of the shard's bytes, so they can be made again from it and compared.
#pragma once

#include "renderih/dataset/plan.h"
#include "renderih/dataset/tar.h"

#include <string>
#include <string_view>
#include <vector>

namespace rih {

inline constexpr std::uint64_t kMaxIndexBytes = std::uint64_t{64} << 20;
inline constexpr std::uint64_t kMaxRowsBytes = std::uint64_t{512} << 20;
inline constexpr std::size_t kMaxRowBytes = 65536;

/// The record range [offset, offset + bytes) of a shard.
struct RecordPlace {
    std::uint64_t record = 0, offset = 0, bytes = 0;
    std::string sha256; ///< of the whole range, headers and padding included
};

/// A record's line of the index; offsets of `members` count from the start of the tar.
std::string index_entry(const std::vector<TarMember>& members);
std::string index_text(const std::vector<std::string>& entries);

/// A record's line of the rows: flat_row_json and where it lies, without the newline.
std::string shard_row(const Record& record, const ShardId& shard, const RecordPlace& place);

/// One record of an index.
struct IndexEntry {
    std::uint64_t record = 0;
    std::vector<TarMember> members; ///< by offset
};

/// Reads an index. Checks that records and members lie one after the other without overlap below
/// `tar_bytes`, at whole blocks. Throws UserError that names the file and the record.
std::vector<IndexEntry>
index_from_text(std::string_view text, std::uint64_t tar_bytes, const std::string& what);

/// The place that a row gives. Throws UserError.
RecordPlace place_from_row(std::string_view row, const std::string& what);

/// The JSON member of a record's range, read. Throws UserError.
Record record_in_range(std::span<const std::uint8_t> range,
                       const std::vector<TarMember>& members,
                       std::uint64_t range_offset,
                       const std::string& what);

} // namespace rih
