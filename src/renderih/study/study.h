// SPDX-License-Identifier: Apache-2.0
// Ablations and statistics of the pose engine, and of finished pictures: each study writes a table
// (CSV and Markdown) and, where it helps, a picture into a folder. docs/poses.md and docs/camera.md
// show the results.
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
    std::filesystem::path out;  ///< folder, made when missing
    std::filesystem::path data; ///< of `images`: a data set or a folder of pictures
};

/// ablation, angles, contact, fields, images, naturalness, pairs, problems, tsne, wrists
std::vector<std::string> study_names();
/// One line on what a study shows.
std::string study_summary(const std::string& name);

/// Writes NAME.csv, NAME.md and pictures; returns the Markdown. Throws UserError.
std::string
run_study(const std::string& name, const StudyOptions& options, const AssetFolder& assets);

} // namespace rih
