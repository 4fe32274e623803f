// SPDX-License-Identifier: Apache-2.0
// Every finished record of a data set read once: its row, and the joint angles of its pose.
#pragma once

#include "renderih/dataset/reader.h"
#include "renderih/hand/hand_model.h"
#include "renderih/report/distributions.h"
#include "renderih/report/rows.h"

#include <vector>

namespace rih {

struct DatasetScan {
    std::vector<PageRow> rows;     ///< by record, ascending
    std::vector<PairAngles> poses; ///< of each pose with a readable record
    std::uint64_t draws = 0;       ///< attempts over the same poses
    /// Records that cannot be read; `verify` says what is wrong with them.
    std::uint64_t unreadable = 0;
};

DatasetScan scan_dataset(const DatasetReader& reader, const HandPair& hands, int threads);

} // namespace rih
