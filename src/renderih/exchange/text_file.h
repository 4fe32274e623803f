// SPDX-License-Identifier: Apache-2.0
// A text file written piece by piece, so that lists of any length cost no memory.
#pragma once

#include "renderih/dataset/json_writer.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>

namespace rih {

class TextFile {
  public:
    /// Throws UserError, as all below do.
    explicit TextFile(std::filesystem::path path);

    void write(std::string_view text);
    /// One element of a JSON list or object: a comma before all but the first since begin_list().
    void begin_list() { is_first_ = true; }
    void element(std::string_view text);
    /// All is on its way to the disk, or it throws. Not called: what was written is given up.
    void close();

  private:
    struct Closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    [[noreturn]] void fail() const;

    std::filesystem::path path_;
    std::unique_ptr<std::FILE, Closer> file_;
    bool is_first_ = true;
};

} // namespace rih
