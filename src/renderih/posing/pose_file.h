// SPDX-License-Identifier: Apache-2.0
// Poses FILE.npz of docs/dataset_format.md: many pairs as arrays that numpy reads.
#pragma once

#include "renderih/posing/pose_pair.h"

#include <filesystem>
#include <string>
#include <vector>

namespace rih {

/// Writes pose [N,2,16,3], translation [N,2,3], forearm [N,2,3], shape [N,2,S] and the measures.
/// `meta_json` is kept as it is (seed, configuration, hashes). All pairs have the same S.
void write_poses(const std::filesystem::path& path,
                 const std::vector<PosePair>& pairs,
                 std::uint64_t seed,
                 const std::string& meta_json);

struct PoseFile {
    std::vector<PosePair> pairs; // contact vertices are not stored
    std::uint64_t seed = 0;
    std::string meta_json;
};

/// Throws UserError for a file that is damaged, has other shapes, or numbers that are not finite.
PoseFile read_poses(const std::filesystem::path& path);

} // namespace rih
