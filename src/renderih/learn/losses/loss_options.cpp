// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/losses/loss_options.h"

#include "renderih/base/error.h"

namespace rih::learn {

void LossOptions::validate() const {
    const auto distance = [](const char* name, const std::string& value) {
        RIH_REQUIRE(value == "l1" || value == "smooth-l1" || value == "squared",
                    "loss.{}: must be l1, smooth-l1 or squared, not \"{}\"",
                    name,
                    value);
    };
    distance("distance_3d", distance_3d);
    distance("distance_2d", distance_2d);
    const auto weight = [](const char* name, double value) {
        RIH_REQUIRE(value >= 0 && value <= 1e6,
                    "loss.{}: must be within 0 .. 1000000, not {}",
                    name,
                    value);
    };
    weight("vertices_3d", vertices_3d);
    weight("joints_3d", joints_3d);
    weight("vertices_2d", vertices_2d);
    weight("joints_2d", joints_2d);
    weight("smooth", smooth);
    weight("edges", edges);
    weight("coarse_vertices_3d", coarse_vertices_3d);
    weight("coarse_vertices_2d", coarse_vertices_2d);
    weight("parts", parts);
    weight("depth", depth);
    RIH_REQUIRE(edges_from_epoch >= 0,
                "loss.edges_from_epoch: must be 0 or more, not {}",
                edges_from_epoch);
    RIH_REQUIRE(bone_length_m >= 0 && bone_length_m <= 10,
                "loss.bone_length_m: must be within 0 .. 10, not {}",
                bone_length_m);
}

} // namespace rih::learn
