// SPDX-License-Identifier: Apache-2.0
// The blocks of residual nets (He et al., "Deep residual learning", CVPR 2016), with torchvision's
// names of parameters.
#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>

namespace rih::learn {

/// Without bias, padded such that stride 1 keeps the size. Weights as He et al. draw them.
torch::nn::Conv2d convolution(int in, int out, int kernel, int stride);

/// Two 3x3 convolutions, or 1x1, 3x3 (which carries the stride) and 1x1; plus the shortcut.
class ResidualBlock : public torch::nn::Module {
  public:
    /// A bottleneck gives 4 x `channels`.
    ResidualBlock(int in, int channels, int stride, bool bottleneck = false);
    torch::Tensor forward(const torch::Tensor& x);

  private:
    bool bottleneck_;
    torch::nn::Conv2d conv1_{nullptr}, conv2_{nullptr}, conv3_{nullptr};
    torch::nn::BatchNorm2d bn1_{nullptr}, bn2_{nullptr}, bn3_{nullptr};
    torch::nn::Sequential downsample_{nullptr};
};

} // namespace rih::learn
