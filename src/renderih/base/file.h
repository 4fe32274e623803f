// SPDX-License-Identifier: Apache-2.0
// Files as bytes: bounded reads, and writes that are either whole or absent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace rih {

using Bytes = std::vector<std::uint8_t>;

/// Reads a whole file of at most `max_bytes`. Throws UserError when it is missing, is no plain
/// file, is larger, or cannot be read.
Bytes read_file(const std::filesystem::path& path, std::uint64_t max_bytes);
std::string read_text_file(const std::filesystem::path& path, std::uint64_t max_bytes);

/// Writes to a temporary name beside `path`, syncs it, renames it onto `path`, syncs the folder:
/// after a crash the file is the old one or the new one, never half of it. Throws UserError when
/// the disk is full or the place cannot be written; the temporary file is then removed.
void write_file_atomically(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

/// Makes a folder and its parents. Throws UserError when it cannot.
void make_folder(const std::filesystem::path& path);

/// Syncs a folder's entries to disk, so that a rename within it survives a power cut.
void sync_folder(const std::filesystem::path& path);

inline std::span<const std::uint8_t> as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

} // namespace rih
