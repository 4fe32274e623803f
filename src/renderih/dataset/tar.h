// SPDX-License-Identifier: Apache-2.0
// The part of POSIX ustar that shards use: plain files named KEY.NAME, a 512-byte header and data
// padded to 512 each. Writing goes through libarchive with every varying field fixed; reading takes
// nothing but this, so a path, a link or an extension header cannot come in.
#pragma once

#include "renderih/base/file.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rih {

inline constexpr std::uint64_t kTarBlock = 512; // bytes
inline constexpr std::uint64_t kTarEnd = 1024;  // bytes of zeros that end an archive
inline constexpr std::uint64_t kMaxRecordBytes = std::uint64_t{1} << 30;

/// One file of a record: `name` without the key, as in "rgb.jpg".
struct Member {
    std::string name;
    Bytes bytes;
};

/// Where a member's data lies, from the start of the tar (or of the record's range).
struct TarMember {
    std::string key, name;
    std::uint64_t offset = 0, size = 0; // bytes
    bool operator==(const TarMember&) const = default;
};

/// Whether `name` may be a member's: lower-case letters, digits and underscores in parts separated
/// by single dots, at most 64 characters.
bool is_member_name(std::string_view name);

/// The bytes of a record's range in a shard: its members in the given order, no end of archive.
/// The same members always give the same bytes.
Bytes tar_of_record(std::uint64_t record, std::span<const Member> members);

/// Reads a header; `offset` is that of the header. Throws UserError "<what>: ...".
TarMember read_tar_header(std::span<const std::uint8_t> header,
                          std::uint64_t offset,
                          const std::string& what);

/// The members in the range of one record, which they must fill exactly. Throws UserError.
std::vector<TarMember> members_of_record(std::span<const std::uint8_t> range,
                                         std::uint64_t record,
                                         const std::string& what);

/// `size` rounded up to whole blocks.
constexpr std::uint64_t padded_to_blocks(std::uint64_t size) {
    return (size + kTarBlock - 1) / kTarBlock * kTarBlock;
}

} // namespace rih
