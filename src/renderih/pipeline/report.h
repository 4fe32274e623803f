// SPDX-License-Identifier: Apache-2.0
// One self-contained page to look at: pictures with switchable overlays, distributions, checks.
#pragma once

#include <filesystem>
#include <string>

namespace rih {

struct ReportOptions {
    std::filesystem::path folder, out;
    std::string hand; ///< RIGHT,LEFT files of a data set made with MANO
    int max_pictures = 120;
    int threads = 0;
};

/// Throws UserError when the folder holds no data set or `out` cannot be written.
void write_report(const ReportOptions& options);

} // namespace rih
