// SPDX-License-Identifier: Apache-2.0
// Ablations and statistics of the pose engine: each study runs the engine, writes a table (CSV and
// Markdown) and, where it helps, a picture into a folder. docs/poses.md shows the results.
#pragma once

#include "renderih/pipeline/asset_folder.h"
#include "renderih/pipeline/generate_options.h"

#include <filesystem>
#include <string>
#include <vector>

namespace rih {

struct StudyOptions {
    GenerateOptions generate;  ///< seed, hand and posing
    std::uint64_t count = 100; ///< pairs
    int threads = 0;
    std::filesystem::path out; ///< folder, made when missing
};

/// ablation, angles, contact, fields, naturalness, pairs, problems, tsne, wrists
std::vector<std::string> study_names();
/// One line on what a study shows.
std::string study_summary(const std::string& name);

/// Writes NAME.csv, NAME.md and pictures; returns the Markdown. Throws UserError.
std::string
run_study(const std::string& name, const StudyOptions& options, const AssetFolder& assets);

} // namespace rih
