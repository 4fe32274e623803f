// SPDX-License-Identifier: Apache-2.0
// A file that takes its place only when it is whole: for writers that cannot hold it in memory.
#pragma once

#include <filesystem>

namespace rih {

class AtomicFile {
  public:
    /// Throws UserError when `path` is a device, a pipe or a folder, which a rename would replace
    /// or fail on.
    explicit AtomicFile(std::filesystem::path path);
    /// Removes the temporary file unless commit() was called.
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    const std::filesystem::path& path() const { return path_; }
    /// Where to write, beside `path`.
    const std::filesystem::path& temporary() const { return temporary_; }

    /// Syncs the temporary file, renames it onto `path` and syncs the folder: after a crash the
    /// file is the old one or the new one, never half of it. Throws UserError.
    void commit();

    /// Throws the UserError "PATH: cannot WHAT: errno's text".
    [[noreturn]] void fail(const char* what) const;

  private:
    std::filesystem::path path_, temporary_;
    bool committed_ = false;
};

} // namespace rih
