// SPDX-License-Identifier: Apache-2.0
// Checks a data set against itself: every checksum, and every label recomputed from the stored
// parameters by code that shares as little as possible with the code that wrote it.
#pragma once

#include "renderih/dataset/integrity.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rih {

struct VerifyOptions {
    std::filesystem::path folder;
    std::string
        hand;        ///< RIGHT,LEFT files of a data set made with MANO, which holds their hash only
    int threads = 0; ///< 0: every core
};

struct CheckCount {
    std::string name;
    std::uint64_t records = 0, failed = 0; ///< records: those that could be checked so
};

struct VerifySummary {
    std::filesystem::path folder;
    std::uint64_t shards = 0, records = 0;
    std::vector<CheckCount> checks;
    std::vector<Finding> findings;
    std::string checksum_alone; ///< what nothing else covers

    std::string text() const; ///< ends with what only checksums cover
    std::string json() const;
};

/// Throws UserError when the folder holds no data set at all, or hands that it needs are not given.
/// Damage anywhere else is a finding, and hides no other.
VerifySummary verify(const VerifyOptions& options);

} // namespace rih
