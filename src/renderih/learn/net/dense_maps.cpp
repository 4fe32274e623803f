// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/net/dense_maps.h"

#include "renderih/base/error.h"
#include "renderih/learn/data/training_item.h"
#include "renderih/learn/net/hand_geometry.h"

#include <ATen/ATen.h>

namespace rih::learn {

namespace {

constexpr int kBlockFeatures[] = {128, 256};
constexpr int kPartNumbers = 4; // of each part: where, how far, how large
constexpr double kLeastPixels = 1e-3;

/// [B, C, h, w] twice as large.
torch::Tensor enlarged(const torch::Tensor& x) {
    return at::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)});
}

} // namespace

DenseMaps::DenseMaps(const std::array<int, 3>& channels, int features, int map_size) {
    RIH_ASSERT(map_size % 4 == 0, "maps of {} pixels", map_size);
    for (std::size_t i = 0; i < channels.size(); ++i) {
        laterals_.push_back(register_module("lateral" + std::to_string(i),
                                            convolution(channels[i], features, 1, 1)));
    }
    norm_ = register_module("norm", torch::nn::BatchNorm2d(features));
    mix_ = register_module("mix", convolution(features, features, 3, 1));
    mixed_norm_ = register_module("mixed_norm", torch::nn::BatchNorm2d(features));
    head_ = register_module(
        "head", torch::nn::Conv2d(torch::nn::Conv2dOptions(features, kPartClasses + 1, 1)));
    int in = kPartClasses + 1 + features;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        blocks_[i] = register_module("block" + std::to_string(i),
                                     std::make_shared<ResidualBlock>(in, kBlockFeatures[i], 2));
        in = kBlockFeatures[i];
    }
    const int cells = (map_size / 4) * (map_size / 4);
    linear_ = register_module(
        "linear",
        torch::nn::Linear(in * cells + (kPartClasses - 1) * kPartNumbers, kWholeFeatures));
    whole_norm_ = register_module("whole_norm", torch::nn::BatchNorm1d(kWholeFeatures));

    const torch::Tensor along = (at::arange(map_size) + 0.5) * (2.0 / map_size) - 1;
    cell_ = register_buffer(
        "cell", at::stack({along.repeat({map_size}), along.repeat_interleave(map_size)}, 1));
}

DenseOutputs DenseMaps::forward(const std::array<torch::Tensor, 3>& maps) {
    torch::Tensor x = laterals_[0](maps[0]);
    x = laterals_[1](maps[1]) + enlarged(x);
    x = laterals_[2](maps[2]) + enlarged(x);
    x = at::relu(mixed_norm_(mix_(at::relu(norm_(x)))));
    const torch::Tensor told = head_(x);

    DenseOutputs outputs;
    outputs.part_logits = told.slice(1, 0, kPartClasses);
    const torch::Tensor depth = told.slice(1, kPartClasses);
    outputs.depth = kHandLength * depth.squeeze(1);
    const torch::Tensor parts = at::softmax(outputs.part_logits, 1);

    torch::Tensor y = at::cat({parts, depth, x}, 1);
    for (const auto& block : blocks_) {
        y = block->forward(y);
    }
    // Of each part: its middle, its depth, its size.
    const torch::Tensor share = parts.slice(1, 1).flatten(2); // [B, parts, M M]
    const torch::Tensor pixels = share.sum(2, true) + kLeastPixels;
    const torch::Tensor numbers =
        at::cat({at::matmul(share, cell_) / pixels,
                 at::matmul(share, depth.flatten(2).transpose(1, 2)) / pixels,
                 pixels.log()},
                2);
    outputs.whole = at::relu(whole_norm_(linear_(at::cat({y.flatten(1), numbers.flatten(1)}, 1))));
    return outputs;
}

} // namespace rih::learn
