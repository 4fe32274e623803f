// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/npz.h"

#include "renderih/base/error.h"
#include "renderih/base/npz_archive.h"
#include "renderih/base/npz_array.h"

#include <algorithm>
#include <memory>
#include <tuple>

namespace rih {

namespace fs = std::filesystem;

namespace {

struct ZipFileClose {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using ZipFile = std::unique_ptr<zip_file_t, ZipFileClose>;

std::string take_message(zip_error_t& error) {
    std::string message = zip_error_strerror(&error);
    zip_error_fini(&error);
    return message;
}

/// Opens an archive that lies in memory; `bytes` must outlive it.
ZipArchive open_archive(std::span<const std::uint8_t> bytes, const std::string& where) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    zip_t* archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
    if (archive == nullptr) {
        if (source != nullptr) {
            zip_source_free(source);
        }
        throw_user_error("{}: is no readable .npz file: {}", where, take_message(error));
    }
    zip_error_fini(&error);
    return ZipArchive(archive);
}

/// Reads exactly `size` bytes. Throws UserError when the entry is damaged or shorter.
void read_exactly(zip_file_t* file, std::uint8_t* target, std::size_t size, const char* entry) {
    while (size > 0) {
        const zip_int64_t n = zip_fread(file, target, size);
        RIH_REQUIRE(n > 0, "entry \"{}\": is damaged or cut short", entry);
        target += n;
        size -= static_cast<std::size_t>(n);
    }
}

/// `memory` counts the bytes that the arrays take; the entry's size is checked against what is left
/// before anything of that size is allocated.
NpyArray read_entry(zip_t* archive,
                    const zip_stat_t& info,
                    const std::string& name,
                    NpzLimits limits,
                    std::uint64_t& memory) {
    const ZipFile file(zip_fopen_index(archive, info.index, 0));
    RIH_REQUIRE(file != nullptr, "entry \"{}\": {}", info.name, zip_strerror(archive));
    Bytes bytes(std::min<std::size_t>(info.size, kMaxNpyHeaderBytes + 12));
    read_exactly(file.get(), bytes.data(), bytes.size(), info.name);
    limits.max_array_bytes = std::min(limits.max_array_bytes, limits.max_total_bytes - memory);
    const NpyHeader header = parse_npy_header(bytes, name, limits);
    memory += header.memory_bytes;
    RIH_REQUIRE(info.size == header.total_bytes,
                "array \"{}\": has {} bytes, but its header announces {}",
                name,
                info.size,
                header.total_bytes);
    const std::size_t done = bytes.size();
    bytes.resize(info.size);
    read_exactly(file.get(), bytes.data() + done, info.size - done, info.name);
    std::uint8_t beyond = 0; // reading past the end checks the CRC
    RIH_REQUIRE(zip_fread(file.get(), &beyond, 1) == 0, "entry \"{}\": is damaged", info.name);
    return decode_npy(header, bytes, name);
}

} // namespace

NpzArrays read_npz(const fs::path& path, const NpzLimits& limits) {
    return read_npz(read_file(path, limits.max_file_bytes), path.string(), limits);
}

NpzArrays
read_npz(std::span<const std::uint8_t> bytes, const std::string& where, const NpzLimits& limits) {
    RIH_REQUIRE(bytes.size() <= limits.max_file_bytes,
                "{}: has {} bytes, more than the {} that are read",
                where,
                bytes.size(),
                limits.max_file_bytes);
    // libzip takes an empty file for an archive without entries.
    RIH_REQUIRE(!bytes.empty(), "{}: is empty", where);
    const ZipArchive archive = open_archive(bytes, where);
    const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
    RIH_REQUIRE(count >= 0 && static_cast<std::size_t>(count) <= limits.max_arrays,
                "{}: has {} entries; at most {} are read",
                where,
                count,
                limits.max_arrays);
    NpzArrays arrays;
    std::uint64_t memory = 0;
    for (zip_int64_t i = 0; i < count; ++i) {
        zip_stat_t info;
        zip_stat_init(&info);
        constexpr zip_uint64_t kNeeded =
            ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
        RIH_REQUIRE(zip_stat_index(archive.get(), static_cast<zip_uint64_t>(i), 0, &info) == 0 &&
                        (info.valid & kNeeded) == kNeeded,
                    "{}: entry {} is damaged",
                    where,
                    i);
        const std::string_view entry = info.name;
        if (!entry.ends_with(kNpySuffix)) {
            continue;
        }
        const std::string name(entry.substr(0, entry.size() - kNpySuffix.size()));
        RIH_REQUIRE(info.comp_method == ZIP_CM_STORE || info.comp_method == ZIP_CM_DEFLATE,
                    "{}: entry \"{}\" is packed by method {}; save it with numpy.savez or "
                    "savez_compressed",
                    where,
                    entry,
                    info.comp_method);
        // Deflate shrinks at most 1032 : 1; an entry that claims more is no honest file.
        constexpr std::uint64_t kMaxRatio = 1100;
        RIH_REQUIRE(info.comp_size <= bytes.size() &&
                        info.size <= kMaxRatio * info.comp_size + kMaxNpyHeaderBytes,
                    "{}: entry \"{}\" claims {} bytes packed into {}",
                    where,
                    entry,
                    info.size,
                    info.comp_size);
        RIH_REQUIRE(!arrays.contains(name), "{}: has two arrays \"{}\"", where, name);
        try {
            arrays.emplace(name, read_entry(archive.get(), info, name, limits, memory));
        } catch (const UserError& error) {
            throw_user_error("{}: {}", where, error.what());
        }
    }
    return arrays;
}

void add_npy_entry(zip_t* archive, const std::string& name, zip_source_t* source) {
    const zip_int64_t index =
        zip_file_add(archive, (name + std::string(kNpySuffix)).c_str(), source, ZIP_FL_ENC_UTF_8);
    RIH_ASSERT(index >= 0, "{}", zip_strerror(archive));
    const auto entry = static_cast<zip_uint64_t>(index);
    constexpr zip_uint16_t kFirstOfJanuary1980 = (1 << 5) | 1;
    zip_set_file_compression(archive, entry, ZIP_CM_DEFLATE, 6);
    zip_file_set_dostime(archive, entry, 0, kFirstOfJanuary1980, 0);
}

Bytes encode_npz(const std::map<std::string, NpyOutput>& arrays) {
    zip_error_t error;
    zip_error_init(&error);
    std::vector<Bytes> contents; // must live until the archive is closed
    contents.reserve(arrays.size());
    zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
    RIH_ASSERT(target != nullptr, "{}", zip_error_strerror(&error));
    zip_source_keep(target); // ours, besides the archive's own
    const std::unique_ptr<zip_source_t, void (*)(zip_source_t*)> keep(target, zip_source_free);
    ZipArchive archive(zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &error));
    RIH_ASSERT(archive != nullptr, "{}", zip_error_strerror(&error));
    for (const auto& [name, output] : arrays) {
        contents.push_back(encode_npy(output, name));
        zip_source_t* source =
            zip_source_buffer(archive.get(), contents.back().data(), contents.back().size(), 0);
        add_npy_entry(archive.get(), name, source);
    }
    RIH_ASSERT(zip_close(archive.get()) == 0, "{}", zip_strerror(archive.get()));
    std::ignore = archive.release(); // closed

    RIH_ASSERT(zip_source_open(target) == 0, "cannot read back the archive");
    zip_stat_t info;
    zip_stat_init(&info);
    zip_source_stat(target, &info);
    Bytes bytes(info.size);
    const zip_int64_t read = zip_source_read(target, bytes.data(), bytes.size());
    zip_source_close(target);
    RIH_ASSERT(read == static_cast<zip_int64_t>(bytes.size()), "cannot read back the archive");
    return bytes;
}

void write_npz(const fs::path& path, const std::map<std::string, NpyOutput>& arrays) {
    write_file_atomically(path, encode_npz(arrays));
}

} // namespace rih
