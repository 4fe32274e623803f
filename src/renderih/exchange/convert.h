// SPDX-License-Identifier: Apache-2.0
// Others' data sets in our layout, so that our readers, networks and tools take them as they take
// ours (docs/exchange.md). Interrupted, the same call goes on.
#pragma once

#include "renderih/dataset/record.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace rih {

struct ConvertOptions {
    std::filesystem::path source, out;
    std::string from;           ///< one of convert_formats()
    Split split = Split::Train; ///< of the source; the set that is written has no other
    std::string mano;           ///< RIGHT,LEFT files; empty: MANO's parameters are left out
    int threads = 0;            ///< 0: every core
};

struct ConvertSummary {
    std::filesystem::path folder;
    std::string from;
    std::uint64_t records_total = 0, records_made = 0;
    std::map<std::string, std::uint64_t> left_out; ///< pictures without a record, by reason
    /// How far MANO's joints lie from the labelled ones, over the hands made now that have both.
    std::uint64_t hands_compared = 0;
    double mean_mano_distance_m = 0, max_mano_distance_m = 0; ///< means over a hand's joints

    std::string text() const;
    std::string json() const;
};

std::vector<std::string> convert_formats();

/// Throws UserError.
ConvertSummary convert_dataset(const ConvertOptions& options);

} // namespace rih
