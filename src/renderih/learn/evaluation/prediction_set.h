// SPDX-License-Identifier: Apache-2.0
// Predicted hands of many pictures, of this program or of another, and the two files that carry
// them (docs/training.md): an .npz of arrays, or JSON for small sets.
#pragma once

#include "renderih/base/file.h"
#include "renderih/math/types.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace rih::learn {

/// Metres; camera axes (x right, y down, z forward). Either array may be missing: [0, 3].
struct PredictedHand {
    using Rows = Eigen::Matrix<float, Eigen::Dynamic, 3, Eigen::RowMajor>;
    bool present = false;
    Rows joints;   ///< [21, 3], mano21
    Rows vertices; ///< [V, 3]
};

struct PredictedPair {
    std::uint64_t key = 0; ///< of the record
    std::array<PredictedHand, 2> hands;
};

struct PredictionSet {
    /// Both hands of a picture are in one frame: where they are relative to each other counts.
    bool one_frame = true;
    std::vector<PredictedPair> pairs; ///< by key, each once
};

/// By content: an .npz or JSON. Throws UserError that names the array or field.
PredictionSet read_predictions(const std::filesystem::path& path);
/// The same from a file's bytes.
PredictionSet predictions_from_npz(std::span<const std::uint8_t> bytes, const std::string& what);
PredictionSet predictions_from_json(std::string_view text, const std::string& what);

/// Writes the .npz. Every hand that is present has the same arrays; rows of others are 0.
void write_predictions(const std::filesystem::path& path, const PredictionSet& set);

} // namespace rih::learn
