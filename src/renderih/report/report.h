// SPDX-License-Identifier: Apache-2.0
// One self-contained page to look at a data set: pictures with labels, both hands in 3D,
// distributions, checks. It opens from a file, without a server and without a network.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace rih {

struct ReportOptions {
    std::filesystem::path folder, out;
    std::string hand;        ///< RIGHT,LEFT files of a data set made with MANO
    int max_pictures = 1000; ///< an even choice of the records when there are more
    bool check = true;       ///< runs verify() and shows what it finds
    int threads = 0;
};

struct ReportSummary {
    std::uint64_t records = 0, shown = 0, bytes = 0;
};

/// Throws UserError when the folder holds no data set or `out` cannot be written.
ReportSummary write_report(const ReportOptions& options);

} // namespace rih
