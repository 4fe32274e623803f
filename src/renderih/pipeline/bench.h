// SPDX-License-Identifier: Apache-2.0
// Speed of the stages, measured in one run on this machine.
#pragma once

#include "renderih/pipeline/asset_folder.h"
#include "renderih/pipeline/generate_options.h"

#include <string>
#include <utility>
#include <vector>

namespace rih {

struct BenchOptions {
    GenerateOptions generate;
    int count = 4;
    int threads = 0;
};

struct BenchResult {
    std::string what;
    std::vector<std::pair<std::string, double>> figures; ///< name with unit, value
    std::string text() const;
    std::string json() const;
};

/// `what`: poses, render or pipeline.
BenchResult bench(const std::string& what, const BenchOptions& options, const AssetFolder& assets);

} // namespace rih
