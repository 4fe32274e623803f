// SPDX-License-Identifier: Apache-2.0
// The page's distributions: of the rows' columns, over records, and of finger joint angles with the
// limits of the paper's Table 2, over poses.
#pragma once

#include "renderih/hand/anatomy.h"
#include "renderih/report/rows.h"

#include <span>
#include <string>
#include <vector>

namespace rih {

/// Counts in `counts.size()` equal bins over low .. high, what lies outside in the first and last;
/// or, where there are labels, one a label.
struct Distribution {
    std::string title = {}, group = {};
    std::vector<std::string> columns = {}; ///< of the rows that it counts; empty: none
    double low = 0, high = 1;
    std::vector<std::string> labels = {};
    std::vector<double> limits = {}; ///< to be drawn: low, high
    std::vector<std::uint64_t> counts = {};
};

/// Values that are not finite are left out.
void count(double value, Distribution& distribution);

std::vector<Distribution> row_distributions(std::span<const PageRow> rows);

/// Angles of both hands of a pose.
using PairAngles = std::array<FingerAngles, 2>;
/// Joint after joint in the order thumb, index .. pinky, root first: twist, splay, bend. Degrees.
std::vector<Distribution> angle_distributions(std::span<const PairAngles> poses);

nlohmann::ordered_json to_json(const Distribution& distribution);

} // namespace rih
