// SPDX-License-Identifier: Apache-2.0
// Runs another program and collects what it prints. No shell is involved: arguments arrive as they
// are.
#pragma once

#include <string>
#include <vector>

namespace rih {

struct ProcessResult {
    int status = 0;             ///< exit status; 128 + signal when a signal ended it
    std::string output, errors; ///< at most kMaxProcessOutput bytes of each are kept
};

inline constexpr std::size_t kMaxProcessOutput = std::size_t{64} << 20;

/// Runs arguments[0], found through PATH, and waits for its end; its standard input is empty.
/// Throws UserError when there is no such program.
ProcessResult run_process(const std::vector<std::string>& arguments);

} // namespace rih
