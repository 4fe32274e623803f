// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/net/encoder.h"

#include "renderih/base/error.h"

#include <torch/nn/init.h>
#include <torch/nn/modules/activation.h>

#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/relu.h>

namespace rih::learn {

namespace {

torch::nn::Conv2d conv(int in, int out, int kernel, int stride) {
    return torch::nn::Conv2d(
        torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(kernel / 2).bias(false));
}

/// Two 3x3 convolutions, or 1x1, 3x3 (which carries the stride) and 1x1; plus the shortcut.
class ResidualBlock : public torch::nn::Module {
  public:
    ResidualBlock(int in, int channels, int stride, bool bottleneck) : bottleneck_(bottleneck) {
        const int out = bottleneck ? 4 * channels : channels;
        if (bottleneck) {
            conv1_ = register_module("conv1", conv(in, channels, 1, 1));
            conv2_ = register_module("conv2", conv(channels, channels, 3, stride));
            conv3_ = register_module("conv3", conv(channels, out, 1, 1));
            bn3_ = register_module("bn3", torch::nn::BatchNorm2d(out));
        } else {
            conv1_ = register_module("conv1", conv(in, channels, 3, stride));
            conv2_ = register_module("conv2", conv(channels, out, 3, 1));
        }
        bn1_ = register_module("bn1", torch::nn::BatchNorm2d(channels));
        bn2_ = register_module("bn2", torch::nn::BatchNorm2d(channels));
        if (stride != 1 || in != out) {
            downsample_ = register_module(
                "downsample",
                torch::nn::Sequential(conv(in, out, 1, stride), torch::nn::BatchNorm2d(out)));
        }
    }

    torch::Tensor forward(const torch::Tensor& x) {
        torch::Tensor y = at::relu(bn1_(conv1_(x)));
        y = bn2_(conv2_(y));
        if (bottleneck_) {
            y = bn3_(conv3_(at::relu(y)));
        }
        return at::relu(y + (downsample_ ? downsample_->forward(x) : x));
    }

  private:
    bool bottleneck_;
    torch::nn::Conv2d conv1_{nullptr}, conv2_{nullptr}, conv3_{nullptr};
    torch::nn::BatchNorm2d bn1_{nullptr}, bn2_{nullptr}, bn3_{nullptr};
    torch::nn::Sequential downsample_{nullptr};
};

} // namespace

Encoder::Encoder(const Layout& layout, int image_size)
    : wide_stem_(layout.wide_stem), stride_(layout.wide_stem ? 4 : 2) {
    RIH_ASSERT(layout.stages.size() >= 3, "{} stages", layout.stages.size());
    conv1_ = register_module("conv1", conv(3, layout.stem_channels, layout.wide_stem ? 7 : 3, 2));
    bn1_ = register_module("bn1", torch::nn::BatchNorm2d(layout.stem_channels));
    int in = layout.stem_channels;
    for (std::size_t i = 0; i < layout.stages.size(); ++i) {
        const Stage& stage = layout.stages[i];
        stride_ *= stage.stride;
        torch::nn::Sequential layer;
        for (int block = 0; block < stage.blocks; ++block) {
            layer->push_back(std::make_shared<ResidualBlock>(
                in, stage.channels, block == 0 ? stage.stride : 1, layout.bottleneck));
            in = layout.bottleneck ? 4 * stage.channels : stage.channels;
        }
        layers_.push_back(register_module("layer" + std::to_string(i + 1), layer));
        if (const std::size_t from_last = layout.stages.size() - 1 - i; from_last < 3) {
            channels_[from_last] = in;
        }
    }
    if (layout.map_channels > 0) {
        const int cells = image_size / stride_;
        whole_ = register_module(
            "whole",
            torch::nn::Sequential(conv(in, layout.map_channels, 1, 1),
                                  torch::nn::BatchNorm2d(layout.map_channels),
                                  torch::nn::ReLU(),
                                  torch::nn::Flatten(),
                                  torch::nn::Linear(layout.map_channels * cells * cells, in),
                                  torch::nn::BatchNorm1d(in),
                                  torch::nn::ReLU()));
    }
    for (const auto& module : modules(false)) {
        if (auto* convolution = module->as<torch::nn::Conv2d>()) {
            torch::nn::init::kaiming_normal_(convolution->weight, 0, torch::kFanOut, torch::kReLU);
        }
    }
}

EncoderFeatures Encoder::forward(const torch::Tensor& images) {
    torch::Tensor x = at::relu(bn1_(conv1_(images)));
    if (wide_stem_) {
        x = at::max_pool2d(x, {3, 3}, {2, 2}, {1, 1});
    }
    EncoderFeatures features;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        x = layers_[i]->forward(x);
        if (const std::size_t from_last = layers_.size() - 1 - i; from_last < 3) {
            features.maps[from_last] = x;
        }
    }
    features.whole = whole_ ? whole_->forward(x) : x.mean({2, 3});
    return features;
}

std::shared_ptr<Encoder> make_encoder(const std::string& name, int image_size) {
    if (name == "resnet50") {
        return std::make_shared<Encoder>(
            Encoder::Layout{.bottleneck = true,
                            .wide_stem = true,
                            .stem_channels = 64,
                            .stages = {{64, 3, 1}, {128, 4, 2}, {256, 6, 2}, {512, 3, 2}}},
            image_size);
    }
    RIH_ASSERT(name == "small", "encoder {}", name);
    return std::make_shared<Encoder>(
        Encoder::Layout{.stem_channels = 32,
                        .map_channels = 32,
                        .stages = {{48, 1, 2}, {96, 2, 2}, {192, 2, 2}}},
        image_size);
}

} // namespace rih::learn
