// SPDX-License-Identifier: Apache-2.0
// Poses FILE.npz of docs/dataset_format.md: many pairs as arrays that numpy reads.
#pragma once

#include "renderih/base/npz_rows.h"
#include "renderih/posing/pose_pair.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace rih {

/// Pairs as the arrays of a poses file, but for `seed` and `meta`: pose [N,2,16,3], translation
/// [N,2,3], forearm [N,2,3], shape [N,2,S] and the measures. All pairs have the same S.
std::map<std::string, NpyOutput> pose_arrays(std::span<const PosePair> pairs);
/// And those two, [1] each. `meta_json` is kept as it is (seed, configuration, hashes).
std::map<std::string, NpyOutput> pose_run_arrays(std::uint64_t seed, const std::string& meta_json);

/// A poses file that grows: what is appended waits on disk, so memory stays flat.
class PoseFileWriter {
  public:
    /// Throws UserError when `path` cannot be written.
    explicit PoseFileWriter(const std::filesystem::path& path) : rows_(path) {}

    /// Adds pose_arrays() of these pairs. All pairs of a file have the same S.
    void append(std::span<const PosePair> pairs) { rows_.append(pose_arrays(pairs)); }

    /// Puts the file in its place, with pose_run_arrays(). To be called once.
    void finish(std::uint64_t seed, const std::string& meta_json);

  private:
    NpzRows rows_;
};

/// The same at once.
void write_poses(const std::filesystem::path& path,
                 std::span<const PosePair> pairs,
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
