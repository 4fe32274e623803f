// SPDX-License-Identifier: Apache-2.0
// A fuzz target is one file that defines fuzz_one(): bytes go into one reader, as a hostile file
// would. Reading them, and refusing them with a UserError of one line, are both right; any other
// exception, a crash, what the sanitizers see and what takes too long or too much memory are
// findings. Where there is a writer too, what was read must come back from it.
#pragma once

#include "renderih/base/file.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace rih {

void fuzz_one(std::span<const std::uint8_t> bytes);

inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Ends the process when a reader and its writer disagree.
void require_same(bool is_same);

/// A file that lies in memory alone, for readers that take a path.
class MemoryFile {
  public:
    explicit MemoryFile(std::span<const std::uint8_t> bytes);
    const std::filesystem::path& path() const { return path_; }

  private:
    FileDescriptor file_;
    std::filesystem::path path_;
};

} // namespace rih
