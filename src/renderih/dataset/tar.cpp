// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/tar.h"

#include "renderih/base/error.h"
#include "renderih/dataset/record.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

namespace rih {

namespace {

constexpr std::size_t kMaxMemberName = 64;
constexpr std::size_t kMaxMembers = 64;

// Fields of a ustar header (POSIX.1-2017, pax, "ustar Interchange Format").
struct Field {
    std::size_t offset, size;
};
constexpr Field kName{0, 100}, kSize{124, 12}, kChecksum{148, 8}, kMagic{257, 8}, kPrefix{345, 155};
constexpr std::size_t kTypeFlag = 156;

std::string_view text_of(std::span<const std::uint8_t> header, Field field) {
    const char* begin = reinterpret_cast<const char*>(header.data()) + field.offset;
    return {begin, ::strnlen(begin, field.size)};
}

/// Octal digits, then only blanks and zeros; nothing else.
std::optional<std::uint64_t> octal_of(std::span<const std::uint8_t> header, Field field) {
    std::uint64_t value = 0;
    std::size_t i = field.offset;
    const std::size_t end = field.offset + field.size;
    for (; i < end && header[i] >= '0' && header[i] <= '7'; ++i) {
        value = value * 8 + (header[i] - '0'); // 12 digits have 36 bits
    }
    const bool has_digits = i > field.offset;
    for (; i < end; ++i) {
        if (header[i] != ' ' && header[i] != 0) {
            return std::nullopt;
        }
    }
    return has_digits ? std::optional(value) : std::nullopt;
}

std::uint64_t checksum_of(std::span<const std::uint8_t> header) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kTarBlock; ++i) {
        const bool in_checksum = i >= kChecksum.offset && i < kChecksum.offset + kChecksum.size;
        sum += in_checksum ? std::uint64_t{' '} : std::uint64_t{header[i]};
    }
    return sum;
}

} // namespace

bool is_member_name(std::string_view name) {
    if (name.empty() || name.size() > kMaxMemberName || name.front() == '.' || name.back() == '.' ||
        name.find("..") != std::string_view::npos) {
        return false;
    }
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    });
}

Bytes tar_of_record(std::uint64_t record, std::span<const Member> members) {
    std::uint64_t size = 0;
    for (const Member& member : members) {
        size += kTarBlock + padded_to_blocks(member.bytes.size());
    }
    RIH_ASSERT(size <= kMaxRecordBytes, "record {} has {} bytes", record, size);
    Bytes bytes(size + 16 * kTarEnd);
    std::size_t used = 0;

    const std::unique_ptr<archive, int (*)(archive*)> out(archive_write_new(), archive_write_free);
    const auto check = [&](int status) {
        RIH_ASSERT(status == ARCHIVE_OK,
                   "cannot make the tar of record {}: {}",
                   record,
                   archive_error_string(out.get()) ? archive_error_string(out.get()) : "?");
    };
    check(archive_write_set_format_ustar(out.get()));
    check(archive_write_add_filter_none(out.get()));
    check(archive_write_set_bytes_per_block(out.get(), static_cast<int>(kTarBlock)));
    check(archive_write_set_bytes_in_last_block(out.get(), 1));
    check(archive_write_open_memory(out.get(), bytes.data(), bytes.size(), &used));
    for (const Member& member : members) {
        RIH_ASSERT(is_member_name(member.name), "'{}' is no member name", member.name);
        const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                             archive_entry_free);
        archive_entry_set_pathname(entry.get(), (record_key(record) + "." + member.name).c_str());
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0644);
        archive_entry_set_uid(entry.get(), 0);
        archive_entry_set_gid(entry.get(), 0);
        archive_entry_set_mtime(entry.get(), 0, 0);
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(member.bytes.size()));
        check(archive_write_header(out.get(), entry.get()));
        const la_ssize_t written =
            archive_write_data(out.get(), member.bytes.data(), member.bytes.size());
        RIH_ASSERT(written == static_cast<la_ssize_t>(member.bytes.size()),
                   "record {}: {} of {} bytes of {} written",
                   record,
                   written,
                   member.bytes.size(),
                   member.name);
    }
    check(archive_write_close(out.get()));
    RIH_ASSERT(used >= size, "the tar of record {} has {} bytes, not {}", record, used, size);
    bytes.resize(size);
    bytes.shrink_to_fit();
    return bytes;
}

TarMember read_tar_header(std::span<const std::uint8_t> header,
                          std::uint64_t offset,
                          const std::string& what) {
    const auto require = [&](bool condition, const char* message) {
        RIH_REQUIRE(condition, "{}: the tar header at byte {} {}", what, offset, message);
    };
    require(header.size() >= kTarBlock, "is cut off");
    require(std::memcmp(header.data() + kMagic.offset, "ustar\00000", kMagic.size) == 0,
            "is none of the ustar format");
    require(octal_of(header, kChecksum) == checksum_of(header), "has a wrong checksum");
    require(header[kTypeFlag] == '0', "is not that of a plain file");
    require(text_of(header, kPrefix).empty(), "has a path");
    const std::string_view path = text_of(header, kName);
    const auto dot = path.find('.');
    require(dot != std::string_view::npos && is_record_key(path.substr(0, dot)) &&
                is_member_name(path.substr(dot + 1)),
            "has a name that is not KEY.NAME with a key of 12 digits");
    const auto size = octal_of(header, kSize);
    require(size.has_value() && *size <= kMaxRecordBytes, "has no size, or one beyond 1 GiB");
    return {std::string(path.substr(0, dot)),
            std::string(path.substr(dot + 1)),
            offset + kTarBlock,
            *size};
}

std::vector<TarMember> members_of_record(std::span<const std::uint8_t> range,
                                         std::uint64_t record,
                                         const std::string& what) {
    std::vector<TarMember> members;
    std::uint64_t at = 0;
    while (at < range.size()) {
        TarMember member = read_tar_header(range.subspan(at), at, what);
        RIH_REQUIRE(member.key == record_key(record),
                    "{}: a member of record {} lies in the range of record {}",
                    what,
                    member.key,
                    record_key(record));
        at = member.offset + padded_to_blocks(member.size);
        RIH_REQUIRE(at <= range.size(), "{}: {} is cut off", what, member.name);
        RIH_REQUIRE(members.size() < kMaxMembers, "{}: too many members", what);
        for (const TarMember& other : members) {
            RIH_REQUIRE(other.name != member.name, "{}: {} comes twice", what, member.name);
        }
        members.push_back(std::move(member));
    }
    return members;
}

} // namespace rih
