// SPDX-License-Identifier: Apache-2.0
// Files as bytes: bounded reads, and writes that are either whole or absent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rih {

using Bytes = std::vector<std::uint8_t>;

/// Closes its descriptor.
class FileDescriptor {
  public:
    explicit FileDescriptor(int fd = -1) : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~FileDescriptor() { close(); }
    int get() const { return fd_; }
    /// What close(2) returns.
    int close();

  private:
    int fd_;
};

/// Opens a plain file for reading; never waits for the writer of a pipe. Throws UserError when it
/// is missing or is anything else. Sets `size` to its bytes.
FileDescriptor open_plain_file(const std::filesystem::path& path, std::uint64_t& size);

/// Reads at most buffer.size() bytes; fewer at the end only. Throws UserError, naming `path`.
std::size_t read_some(const FileDescriptor& file,
                      std::span<std::uint8_t> buffer,
                      const std::filesystem::path& path);

/// Reads a whole file of at most `max_bytes`. Throws UserError when it is missing, is no plain
/// file, is larger, or cannot be read.
Bytes read_file(const std::filesystem::path& path, std::uint64_t max_bytes);
std::string read_text_file(const std::filesystem::path& path, std::uint64_t max_bytes);

/// Writes to a temporary name beside `path`, syncs it, renames it onto `path`, syncs the folder:
/// after a crash the file is the old one or the new one, never half of it. Throws UserError when
/// the disk is full or the place cannot be written (the temporary file is then removed), and when
/// `path` is a device, a pipe or a folder, which a rename would replace or fail on.
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
