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
    int count = 20;
    int curve_spp = 4096; ///< samples of the reference of "curve"
    bool curve = false;   ///< of "render": with the figures of "curve"
    int threads = 0;
};

using BenchFigures = std::vector<std::pair<std::string, double>>; ///< name with unit, value

struct BenchResult {
    std::string what;
    BenchFigures figures;
    std::string text() const;
    std::string json() const;
};

/// `what`: poses, render, curve or pipeline.
BenchResult bench(const std::string& what, const BenchOptions& options, const AssetFolder& assets);

} // namespace rih
