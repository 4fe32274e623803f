// SPDX-License-Identifier: Apache-2.0
// A lock between processes on one file system (flock): it ends with the process that holds it, so
// a killed run leaves none behind.
#pragma once

#include "renderih/base/file.h"

#include <filesystem>
#include <optional>

namespace rih {

class FileLock {
  public:
    /// Waits for the lock. The folder of `path` is made when it is missing.
    static FileLock wait(const std::filesystem::path& path);
    /// Empty when another process (or another object of this one) holds it.
    static std::optional<FileLock> attempt(const std::filesystem::path& path);

  private:
    explicit FileLock(FileDescriptor file) : file_(std::move(file)) {}
    static std::optional<FileLock> lock(const std::filesystem::path& path, int operation);
    FileDescriptor file_;
};

} // namespace rih
