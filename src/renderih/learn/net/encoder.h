// SPDX-License-Identifier: Apache-2.0
// Residual encoders (He et al., "Deep residual learning", CVPR 2016): the paper's ResNet-50, with
// torchvision's names of parameters, and a small one of basic blocks for pictures of 128 x 128.
#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace rih::learn {

struct EncoderFeatures {
    torch::Tensor whole;               ///< [B, C] the mean of the coarsest map
    std::array<torch::Tensor, 3> maps; ///< coarse to fine, each twice as wide as the one before
};

class Encoder : public torch::nn::Module {
  public:
    struct Stage {
        int channels = 0; ///< of its 3x3 convolutions
        int blocks = 0;
        int stride = 1;
    };
    struct Layout {
        bool bottleneck = false; ///< blocks of three convolutions, four times as many channels out
        int stem_channels = 0;   ///< of a 7x7, which a pooling follows; they divide by 4
        std::vector<Stage> stages; ///< at least three
    };
    explicit Encoder(const Layout& layout);

    /// images [B, 3, S, S], normalised.
    EncoderFeatures forward(const torch::Tensor& images);
    /// Channels of the maps, coarse to fine.
    const std::array<int, 3>& channels() const { return channels_; }
    /// Pixels of the picture along a side that one of the coarsest map covers.
    int stride() const { return stride_; }

  private:
    int stride_;
    std::array<int, 3> channels_{};
    torch::nn::Conv2d conv1_{nullptr};
    torch::nn::BatchNorm2d bn1_{nullptr};
    std::vector<torch::nn::Sequential> layers_;
};

/// "resnet50" or "small".
std::shared_ptr<Encoder> make_encoder(const std::string& name);

} // namespace rih::learn
