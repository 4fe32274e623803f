// SPDX-License-Identifier: Apache-2.0
// Poses without pictures: the poses file of docs/dataset_format.md, or its arrays.
#pragma once

#include "renderih/base/npz.h"
#include "renderih/pipeline/asset_folder.h"
#include "renderih/pipeline/generate_options.h"

#include <functional>

namespace rih {

struct PosesSummary {
    std::filesystem::path out;
    std::uint64_t count = 0, attempts = 0, in_contact = 0; ///< in_contact: nearer than 2 mm
    double seconds = 0;
    std::string text() const;
};

/// Makes poses 0 .. count-1 of options.seed and writes them to `out`. Throws UserError.
PosesSummary make_poses(const GenerateOptions& options,
                        std::uint64_t count,
                        const std::filesystem::path& out,
                        int threads,
                        const AssetFolder& assets);

/// The same poses as the arrays that the file would hold, without a line of progress. `between` is
/// called now and then by the calling thread; what it throws ends the work.
std::map<std::string, NpyOutput> make_pose_arrays(const GenerateOptions& options,
                                                  std::uint64_t count,
                                                  int threads,
                                                  const AssetFolder& assets,
                                                  const std::function<void()>& between);

} // namespace rih
