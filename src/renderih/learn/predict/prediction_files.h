// SPDX-License-Identifier: Apache-2.0
// What the prediction of one picture looks like on disk.
#pragma once

#include "renderih/geometry/mesh.h"
#include "renderih/image/image.h"

#include <array>
#include <filesystem>
#include <string>

namespace rih::learn {

struct PicturedHand {
    Points vertices;     ///< [V, 3] camera axes, origin at the left middle MCP
    Points joints;       ///< [21, 3] mano21
    Points2 vertices_px; ///< [V, 2] of the picture
    Points2 joints_px;   ///< [21, 2]
    Triangles faces;
};

struct PicturedPrediction {
    std::string image;      ///< file name
    std::string checkpoint; ///< sha256 of the file
    /// m; above 0: the unit of vertices and joints is such that a hand's wrist-to-middle-MCP length
    /// is this, whatever the person's is.
    double bone_length_m = 0;
    std::array<PicturedHand, 2> hands; ///< right, left
};

std::string prediction_json(const PicturedPrediction& prediction);
/// Counter-clockwise from outside, counted from 1.
std::string hand_obj(const PicturedHand& hand);
/// `stem` without an extension; overwrites what is there, each file whole.
void write_prediction(const std::filesystem::path& stem,
                      const PicturedPrediction& prediction,
                      const Image8& picture);

} // namespace rih::learn
