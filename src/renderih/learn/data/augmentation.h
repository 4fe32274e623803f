// SPDX-License-Identifier: Apache-2.0
// How a picture and its labels are changed before training (the released loader's ranges), drawn
// for each item from its own stream.
#pragma once

#include "renderih/base/rng.h"

#include <array>

namespace rih::learn {

struct AugmentationOptions {
    double rotation_deg = 90;  ///< turned by up to +- this about the crop's centre
    double scale = 0.1;        ///< enlarged by a factor within 1 +- this
    double flip = 0.5;         ///< probability of mirroring, which swaps the hands
    double channel_gain = 0.3; ///< each channel times a factor within 1 +- this
    double offset = 0.05;      ///< plus one number for all, within +- this (1 = white)
    double noise = 0;          ///< standard deviation of Gaussian noise (1 = white)
    void validate() const;     ///< throws UserError
};

/// What was drawn for one item; the default changes nothing.
struct Augmentation {
    double rotation = 0; ///< rad, clockwise on the picture (x to y)
    double scale = 1;
    bool flip = false;
    std::array<double, 3> gain{1, 1, 1};
    double offset = 0;
    double noise = 0;
    std::uint64_t noise_seed = 0;
};
Augmentation draw_augmentation(const AugmentationOptions& options, Rng rng);

} // namespace rih::learn
