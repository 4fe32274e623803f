// SPDX-License-Identifier: Apache-2.0
// Another program run to its end, without a shell: arguments are passed as they are.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace rih {

struct ChildResult {
    int status = 0;     ///< exit status; 128 + signal when it was killed
    std::string output; ///< what it wrote to standard output; its standard error is ours
};

/// Runs `program` with `arguments` and waits. Throws UserError when it cannot be started, or writes
/// more than `max_output` bytes (it is then stopped).
ChildResult run_child(const std::filesystem::path& program,
                      const std::vector<std::string>& arguments,
                      std::size_t max_output = std::size_t{64} << 20);

/// The file of the program that runs.
std::filesystem::path this_program();

} // namespace rih
