// SPDX-License-Identifier: Apache-2.0
// What a coarse pixel shows, told before any hand is: its part and its depth. Losses on every pixel
// teach an encoder from random weights faster than 3D points alone can, and the picture's feature
// is made of what the maps say. Neither the paper nor the released network has it; IntagHand (Li et
// al., CVPR 2022) teaches its encoder by maps too.
#pragma once

#include "renderih/learn/net/residual_block.h"

#include <torch/nn/modules/linear.h>

#include <array>
#include <vector>

namespace rih::learn {

struct DenseOutputs {
    torch::Tensor part_logits; ///< [B, kPartClasses, M, M]
    torch::Tensor depth;       ///< [B, M, M] z in the network's frame
    torch::Tensor whole;       ///< [B, kWholeFeatures] of the picture
};

class DenseMaps : public torch::nn::Module {
  public:
    static constexpr int kWholeFeatures = 512;

    /// `channels` of the encoder's three maps, coarse to fine; the finest is M x M, M a multiple of
    /// 4.
    DenseMaps(const std::array<int, 3>& channels, int features, int map_size);
    DenseOutputs forward(const std::array<torch::Tensor, 3>& maps);

  private:
    std::vector<torch::nn::Conv2d> laterals_; // coarse to fine
    torch::nn::BatchNorm2d norm_{nullptr}, mixed_norm_{nullptr};
    torch::nn::Conv2d mix_{nullptr}, head_{nullptr};
    std::array<std::shared_ptr<ResidualBlock>, 2> blocks_;
    torch::nn::Linear linear_{nullptr};
    torch::nn::BatchNorm1d whole_norm_{nullptr};
    torch::Tensor cell_; // [M M, 2] the middles of the pixels, -1 .. 1
};

} // namespace rih::learn
