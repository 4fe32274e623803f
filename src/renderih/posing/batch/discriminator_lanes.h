// SPDX-License-Identifier: Apache-2.0
// The discriminator for eight hands at once, forward and backward as matrix products over lanes.
// Exact twin: Discriminator::probability_gradient.
#pragma once

#include "renderih/posing/batch/lanes.h"
#include "renderih/posing/discriminator.h"

#include <vector>

namespace rih {

class DiscriminatorLanes {
  public:
    explicit DiscriminatorLanes(const Discriminator& discriminator);

    using Angles = std::array<Lanes, Discriminator::kInputCount>;

    /// What a pass needs to remember; made once, used for every pass.
    struct Scratch {
        std::vector<Lanes> a1, d1, a2, d2, a3, d3, d4, a5, d5, g1, g2, g3, g4, g5;
    };
    Scratch scratch() const;

    /// The probabilities; `gradient` becomes their derivatives by the angles, per radian.
    Lanes evaluate(const Angles& angles, Angles& gradient, Scratch& scratch) const;

  private:
    struct Layer {
        int rows = 0, columns = 0;
        std::vector<float> weights;    // row by row
        std::vector<float> transposed; // column by column
        std::vector<float> biases;
    };
    std::array<Layer, Discriminator::kLayerCount> layers_;
};

} // namespace rih
