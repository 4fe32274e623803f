// SPDX-License-Identifier: Apache-2.0
// The sizes of TransHand. Defaults are the paper's (with the authors' code where the paper is
// silent).
#pragma once

#include <array>
#include <string>

namespace rih::learn {

struct NetOptions {
    std::string encoder = "resnet50"; ///< or "small", for pictures of 128 x 128 on a CPU
    int image_size = 256;             ///< pixels, a multiple of 32 (small: of 16)
    int coarse_vertices = 63;         ///< of the first block; doubled twice
    std::array<int, 3> features{
        512, 256, 128};       ///< of a vertex, as each block gets it; halved in it
    int image_features = 256; ///< of the encoder's maps behind the 1x1 laterals
    int heads = 4;            ///< of every attention
    double dropout = 0.05;
    /// Channels of the map that tells each coarse pixel's part and depth, from which the picture's
    /// feature and a first guess of both hands are made (dense_maps.h); 0: none, as in the paper.
    int dense_features = 0;
    bool correlation = true; ///< the correlation encoder; false: Table 4's baseline

    /// Throws UserError naming the field and its range.
    void validate() const;
};

/// M of its maps: the encoder's finest is a quarter as coarse as its coarsest. 0: it has none.
int dense_map_size(const NetOptions& options);

} // namespace rih::learn
