// SPDX-License-Identifier: Apache-2.0
// A table of a run that grows by rows, each on disk as soon as it is known. A resumed run goes on
// in the same file: rows of steps that the checkpoint does not know are cut off first.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rih::learn {

class CsvLog {
  public:
    /// `columns`, of which the first is the step. Keeps the rows of an existing file up to and with
    /// `last_step`; with 0 the file is begun anew. Throws UserError when the file has other columns
    /// or cannot be written.
    CsvLog(std::filesystem::path path, std::vector<std::string> columns, std::uint64_t last_step);

    /// As many cells as columns after the first; NaN is an empty cell, numbers are written with the
    /// shortest digits that read back the same.
    void row(std::uint64_t step, const std::vector<std::string>& cells);

    static std::string cell(double number);

  private:
    std::filesystem::path path_;
    std::size_t columns_;
};

} // namespace rih::learn
