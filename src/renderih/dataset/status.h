// SPDX-License-Identifier: Apache-2.0
// How far a data set is, from its files alone; nothing is changed, no lock is taken.
#pragma once

#include "renderih/dataset/plan.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

namespace rih {

struct DatasetStatus {
    struct Part {
        int shards_done = 0, shards = 0;
        std::uint64_t records_done = 0, records = 0; ///< done: in finished shards
    };
    std::array<Part, 3> splits;        ///< train, val, test
    std::uint64_t records_waiting = 0; ///< finished, in shards that are not
    std::uint64_t bytes = 0;           ///< of the finished shards
    double seconds = 0;                ///< that they took, added up over shards

    Part total() const;
    bool is_finished() const;
    /// Some lines for people.
    std::string text(const std::filesystem::path& dir) const;
    std::string json() const;
};

/// Throws UserError when `dir` holds no data set.
DatasetStatus dataset_status(const std::filesystem::path& dir);

} // namespace rih
