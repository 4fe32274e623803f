// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/net/encoder.h"

#include "renderih/base/error.h"
#include "renderih/learn/net/residual_block.h"

#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/relu.h>

namespace rih::learn {

Encoder::Encoder(const Layout& layout) : stride_(4) {
    RIH_ASSERT(layout.stages.size() >= 3, "{} stages", layout.stages.size());
    conv1_ = register_module("conv1", convolution(3, layout.stem_channels, 7, 2));
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
}

EncoderFeatures Encoder::forward(const torch::Tensor& images) {
    torch::Tensor x = at::relu(bn1_(conv1_(images)));
    x = at::max_pool2d(x, {3, 3}, {2, 2}, {1, 1});
    EncoderFeatures features;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        x = layers_[i]->forward(x);
        if (const std::size_t from_last = layers_.size() - 1 - i; from_last < 3) {
            features.maps[from_last] = x;
        }
    }
    features.whole = x.mean({2, 3});
    return features;
}

std::shared_ptr<Encoder> make_encoder(const std::string& name) {
    if (name == "resnet50") {
        return std::make_shared<Encoder>(
            Encoder::Layout{.bottleneck = true,
                            .stem_channels = 64,
                            .stages = {{64, 3, 1}, {128, 4, 2}, {256, 6, 2}, {512, 3, 2}}});
    }
    RIH_ASSERT(name == "small", "encoder {}", name);
    return std::make_shared<Encoder>(Encoder::Layout{
        .stem_channels = 32, .stages = {{32, 1, 1}, {64, 1, 2}, {128, 1, 2}, {256, 1, 2}}});
}

} // namespace rih::learn
