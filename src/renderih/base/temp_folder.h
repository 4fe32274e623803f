// SPDX-License-Identifier: Apache-2.0
// A folder that exists as long as this object; for tests and for benchmarks.
#pragma once

#include <filesystem>

namespace rih {

class TempFolder {
  public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

} // namespace rih
