// SPDX-License-Identifier: Apache-2.0
// What a pose's person wears: both sleeves of one garment, rings, at most one watch.
#pragma once

#include "renderih/things/thing.h"

#include <cstdint>
#include <vector>

namespace rih {

/// Probabilities that a person wears each at all.
struct WornOptions {
    double sleeve = 0;   ///< sleeves on both arms; else bare arms
    double ring = 0;     ///< one to three, on any fingers
    double bracelet = 0; ///< one, at either wrist
    double watch = 0;    ///< one, at the left wrist mostly
};

/// A function of its arguments. In the order in which they are put on: what comes later gives way.
std::vector<Thing> draw_worn(std::uint64_t seed, std::uint64_t pose_id, const WornOptions& options);

} // namespace rih
