// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/net/residual_block.h"

#include <torch/nn/init.h>

#include <ATen/ops/relu.h>

namespace rih::learn {

torch::nn::Conv2d convolution(int in, int out, int kernel, int stride) {
    torch::nn::Conv2d made(
        torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2).bias(false));
    torch::nn::init::kaiming_normal_(made->weight, 0, torch::kFanOut, torch::kReLU);
    return made;
}

ResidualBlock::ResidualBlock(int in, int channels, int stride, bool bottleneck)
    : bottleneck_(bottleneck) {
    const int out = bottleneck ? 4 * channels : channels;
    if (bottleneck) {
        conv1_ = register_module("conv1", convolution(in, channels, 1, 1));
        conv2_ = register_module("conv2", convolution(channels, channels, 3, stride));
        conv3_ = register_module("conv3", convolution(channels, out, 1, 1));
        bn3_ = register_module("bn3", torch::nn::BatchNorm2d(out));
    } else {
        conv1_ = register_module("conv1", convolution(in, channels, 3, stride));
        conv2_ = register_module("conv2", convolution(channels, out, 3, 1));
    }
    bn1_ = register_module("bn1", torch::nn::BatchNorm2d(channels));
    bn2_ = register_module("bn2", torch::nn::BatchNorm2d(channels));
    if (stride != 1 || in != out) {
        downsample_ = register_module(
            "downsample",
            torch::nn::Sequential(convolution(in, out, 1, stride), torch::nn::BatchNorm2d(out)));
    }
}

torch::Tensor ResidualBlock::forward(const torch::Tensor& x) {
    torch::Tensor y = at::relu(bn1_(conv1_(x)));
    y = bn2_(conv2_(y));
    if (bottleneck_) {
        y = bn3_(conv3_(at::relu(y)));
    }
    return at::relu(y + (downsample_ ? downsample_->forward(x) : x));
}

} // namespace rih::learn
