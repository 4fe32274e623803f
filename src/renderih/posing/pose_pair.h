// SPDX-License-Identifier: Apache-2.0
// A released pose pair: valid by construction of the filter, with everything that was measured.
#pragma once

#include "renderih/hand/hand_pose.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rih {

struct PosePair {
    std::uint64_t id = 0;
    PairPose pose;         // right, left; world: centre of both hands at the origin
    std::string source;    // "open", "neuralannot", a file's name
    std::string source_id; // arrangement or frame it was drawn from
    int augmentation = 0;  // which augmentation of the source pose
    int attempts = 1;      // draws until a valid one
    std::array<double, 2> naturalness{0, 0};
    std::array<double, 2> limit_excess_deg{0, 0};
    double penetration_depth_m = 0;
    std::array<double, 2> self_penetration_depth_m{0, 0};
    double contact_area_mm2 = 0; // within 2 mm
    double contact_area_1mm_mm2 = 0, contact_area_5mm_mm2 = 0;
    double min_distance_m = 0;
    std::array<std::vector<int>, 2> contact_vertices;
    std::array<double, 2> forearm_flexion{0, 0}, forearm_deviation{0, 0}; // radians
};

} // namespace rih
