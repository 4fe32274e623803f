// SPDX-License-Identifier: Apache-2.0
// A file read at any place, by any thread.
#pragma once

#include "renderih/base/file.h"

#include <cstdint>
#include <filesystem>
#include <span>

namespace rih {

class RandomFile {
  public:
    /// Throws UserError when it is missing or no plain file.
    explicit RandomFile(std::filesystem::path path);

    const std::filesystem::path& path() const { return path_; }
    std::uint64_t size() const { return size_; } ///< bytes, when it was opened

    /// Bytes [offset, offset + size). Throws UserError when the file ends before.
    Bytes read(std::uint64_t offset, std::uint64_t size) const;

  private:
    std::filesystem::path path_;
    std::uint64_t size_ = 0;
    FileDescriptor file_;
};

} // namespace rih
