// SPDX-License-Identifier: Apache-2.0
// A network small enough for tests, on the synthetic test hands.
#pragma once

#include "renderih/hand/testing/test_hand.h"
#include "renderih/learn/train/net_runner.h"

#include <torch/utils.h>

namespace rih::learn {

inline NetOptions small_net_options() {
    return {.encoder = "small",
            .image_size = 64,
            .coarse_vertices = 8,
            .features = {32, 16, 8},
            .image_features = 8,
            .heads = 2,
            .dropout = 0.1,
            .dense_features = 8};
}

inline NetRunner small_runner(const NetOptions& options = small_net_options(),
                              std::uint64_t seed = 1) {
    torch::manual_seed(seed);
    return NetRunner(
        options, hands_geometry(make_test_hand_pair(), options.coarse_vertices), false);
}

} // namespace rih::learn
