// SPDX-License-Identifier: Apache-2.0
// A lock between processes on one file system (flock): it ends with the process that holds it, so
// a killed run leaves none behind.
#pragma once

#include <filesystem>
#include <optional>

namespace rih {

class FileLock {
  public:
    /// Waits for the lock. The folder of `path` is made when it is missing.
    static FileLock wait(const std::filesystem::path& path);
    /// Empty when another process (or another object of this one) holds it.
    static std::optional<FileLock> attempt(const std::filesystem::path& path);

    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

  private:
    explicit FileLock(int fd) : fd_(fd) {}
    static std::optional<FileLock> lock(const std::filesystem::path& path, int operation);
    int fd_;
};

} // namespace rih
