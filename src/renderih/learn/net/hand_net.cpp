// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/net/hand_net.h"

#include "renderih/base/error.h"
#include "renderih/learn/net/hand_names.h"
#include "renderih/learn/net/tensors.h"

#include <torch/nn/init.h>
#include <torch/nn/modules/activation.h>

#include <ATen/ops/cat.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/tensor.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

namespace rih::learn {

namespace {

constexpr int kResidualLayers = 4;
// And the camera such that 0.3 m fill the crop, as two hands do: else 2D losses would stretch the
// hands for hundreds of steps before the scale has grown.
constexpr double kCameraScale = 1 / 0.3;

/// Doubles the vertices: each becomes its two children of the tree.
torch::Tensor doubled(const torch::Tensor& x) {
    return x.unsqueeze(2).expand({-1, -1, 2, -1}).reshape({x.size(0), 2 * x.size(1), x.size(2)});
}

void xavier(torch::nn::Linear& linear) {
    torch::nn::init::xavier_uniform_(linear->weight);
    torch::nn::init::zeros_(linear->bias);
}

std::int64_t count_of(const torch::nn::Module& module) {
    std::int64_t count = 0;
    for (const torch::Tensor& parameter : module.parameters()) {
        count += parameter.numel();
    }
    return count;
}

} // namespace

torch::Tensor project(const torch::Tensor& points, const torch::Tensor& camera) {
    const torch::Tensor scale = camera.slice(1, 0, 1).unsqueeze(1); // [B, 1, 1]
    const torch::Tensor shift = camera.slice(1, 1, 3).unsqueeze(1); // [B, 1, 2]
    return points.slice(2, 0, 2) * (2 * scale) + shift;
}

DecoderBlock::DecoderBlock(const Extents& extents, const NetOptions& options)
    : positions_(register_parameter("positions", at::randn({extents.vertices, extents.in}))) {
    for (std::size_t hand = 0; hand < 2; ++hand) {
        const std::string& name = kHandNames[hand];
        for (int i = 0; i < kResidualLayers; ++i) {
            layers_[hand].push_back(register_module(
                name + "_layer" + std::to_string(i),
                std::make_shared<ResidualMlp>(
                    i == 0 ? extents.in : extents.out, extents.out, options.dropout)));
        }
        Fusion& fusion = fusions_[hand];
        fusion.patches =
            register_module(name + "_patches",
                            torch::nn::Conv2d(torch::nn::Conv2dOptions(
                                                  extents.map_features, extents.out, extents.patch)
                                                  .stride(extents.patch)));
        fusion.positions =
            register_parameter(name + "_image_positions", at::randn({extents.tokens, extents.out}));
        const auto transformer = [&] {
            return std::make_shared<TransformerLayer>(extents.out, options.heads, options.dropout);
        };
        fusion.on_image = register_module(name + "_on_image", transformer());
        fusion.on_both = register_module(name + "_on_both", transformer());
        fusion.project =
            register_module(name + "_project", torch::nn::Linear(extents.out, extents.out));
    }
    if (options.correlation) {
        correlation_ = register_module(
            "correlation",
            std::make_shared<CorrelationEncoder>(extents.out, options.heads, options.dropout));
    }
    for (const auto& part : modules(false)) {
        if (auto* linear = part->as<torch::nn::Linear>()) {
            torch::nn::init::xavier_uniform_(linear->weight);
            torch::nn::init::zeros_(linear->bias);
        } else if (auto* conv = part->as<torch::nn::Conv2d>()) {
            torch::nn::init::xavier_uniform_(conv->weight);
        }
    }
}

std::array<torch::Tensor, 2> DecoderBlock::forward(const std::array<torch::Tensor, 2>& hands,
                                                   const torch::Tensor& map) {
    std::array<torch::Tensor, 2> result;
    for (std::size_t hand = 0; hand < 2; ++hand) {
        torch::Tensor x = hands[hand] + positions_;
        for (std::size_t i = 0; i < layers_[hand].size(); ++i) {
            x = layers_[hand][i]->forward(i == 0 ? x : at::relu(x));
        }
        Fusion& fusion = fusions_[hand];
        const torch::Tensor patches = at::relu(fusion.patches(map)); // [B, out, h, w]
        torch::Tensor tokens = patches.flatten(2).transpose(1, 2) + fusion.positions;
        tokens = fusion.project(fusion.on_image->forward(tokens));
        result[hand] = fusion.on_both->forward(at::cat({x, tokens}, 1)).slice(1, 0, x.size(1));
    }
    return correlation_ ? correlation_->forward(result) : result;
}

HandNet::HandNet(const NetOptions& options, const HandsGeometry& geometry)
    : options_(options), encoder_(register_module("encoder", make_encoder(options.encoder))),
      mean_(register_buffer("mean", at::tensor({0.485f, 0.456f, 0.406f}).view({3, 1, 1}))),
      deviation_(
          register_buffer("deviation", at::tensor({0.229f, 0.224f, 0.225f}).view({3, 1, 1}))) {
    for (std::size_t i = 0; i < 3; ++i) {
        laterals_.push_back(register_module(
            "lateral" + std::to_string(i),
            torch::nn::Conv2d(
                torch::nn::Conv2dOptions(encoder_->channels()[i], options.image_features, 1)
                    .bias(false))));
        lateral_norms_.push_back(register_module("lateral_norm" + std::to_string(i),
                                                 torch::nn::BatchNorm2d(options.image_features)));
    }
    const int fine = geometry.coarse_count() << 2;
    int whole = encoder_->channels()[0];
    if (options.dense_features > 0) {
        const int map_size = dense_map_size(options);
        dense_ = register_module(
            "dense",
            std::make_shared<DenseMaps>(encoder_->channels(), options.dense_features, map_size));
        whole = DenseMaps::kWholeFeatures;
        direct_ = register_module("direct",
                                  torch::nn::Sequential(torch::nn::Linear(whole, whole),
                                                        torch::nn::ReLU(),
                                                        torch::nn::Linear(whole, 2 * fine * 3)));
    }
    // Beside its three numbers of position.
    const int global = options.features[0] - 3;
    for (std::size_t hand = 0; hand < 2; ++hand) {
        global_.push_back(
            register_module(kHandNames[hand] + "_global", torch::nn::Linear(whole, global)));
        xavier(global_.back());
        global_norms_.push_back(
            register_module(kHandNames[hand] + "_global_norm",
                            torch::nn::LayerNorm(torch::nn::LayerNormOptions({global}).eps(1e-6))));
    }
    // The same number at every resolution: 8 x 8 of the paper's pictures.
    const int tokens_along_side = options.image_size / encoder_->stride();
    for (std::size_t i = 0; i < 3; ++i) {
        blocks_.push_back(register_module(
            "block" + std::to_string(i),
            std::make_shared<DecoderBlock>(
                DecoderBlock::Extents{.vertices = geometry.coarse_count() << i,
                                      .in = options.features[i],
                                      .out = options.features[i] / 2,
                                      .map_features = options.image_features,
                                      .patch = 1 << i,
                                      .tokens = tokens_along_side * tokens_along_side},
                options)));
    }
    const int last = options.features[2] / 2;
    coordinates_ = register_module("coordinates", torch::nn::Linear(last, 3));
    average_ = register_module("average", torch::nn::Linear(fine, 1));
    camera_ = register_module("camera", torch::nn::Linear(last, 3));
    for (torch::nn::Linear* head : {&coordinates_, &average_, &camera_}) {
        xavier(*head);
    }
    {
        const torch::NoGradGuard no_grad;
        camera_->bias[0] = kCameraScale;
    }
    for (std::size_t hand = 0; hand < 2; ++hand) {
        const HandGeometry& from = geometry.hands[hand];
        position_codes_[hand] =
            register_buffer(kHandNames[hand] + "_position_code", tensor_of(from.position_code));
        upsampling_[hand] = register_buffer(kHandNames[hand] + "_upsampling",
                                            tensor_of(MatX(from.vertices_from_fine)));
    }
}

NetOutputs HandNet::forward(const torch::Tensor& images) {
    const EncoderFeatures features = encoder_->forward((images - mean_) / deviation_);
    NetOutputs outputs;
    torch::Tensor whole = features.whole;
    torch::Tensor direct; // [B, 2, 4 N, 3]
    if (dense_) {
        outputs.maps = dense_->forward(features.maps);
        whole = outputs.maps->whole;
        direct = direct_->forward(whole).view({images.size(0), 2, -1, 3});
    }
    std::array<torch::Tensor, 3> maps;
    for (std::size_t i = 0; i < 3; ++i) {
        maps[i] = lateral_norms_[i](at::relu(laterals_[i](features.maps[i])));
    }
    std::array<torch::Tensor, 2> hands;
    for (std::size_t hand = 0; hand < 2; ++hand) {
        const torch::Tensor vertex = global_norms_[hand](global_[hand](whole)); // [B, F - 3]
        const torch::Tensor& code = position_codes_[hand];
        hands[hand] =
            at::cat({vertex.unsqueeze(1).expand({-1, code.size(0), -1}),
                     code.to(vertex.dtype()).unsqueeze(0).expand({vertex.size(0), -1, -1})},
                    2);
    }
    for (std::size_t i = 0; i < 3; ++i) {
        hands = blocks_[i]->forward(hands, maps[i]);
        if (i < 2) {
            hands = {doubled(hands[0]), doubled(hands[1])};
        }
    }
    // Coordinates keep full precision: bfloat16 rounds a hand's by half a millimetre.
    const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
    for (std::size_t hand = 0; hand < 2; ++hand) {
        const torch::Tensor x = hands[hand].to(torch::kFloat);
        HandOutput& out = outputs.hands[hand];
        torch::Tensor lengths = coordinates_(x);
        if (dense_) {
            lengths = lengths + direct.select(1, static_cast<std::int64_t>(hand)).to(torch::kFloat);
        }
        out.fine = kHandLength * lengths;
        out.vertices = at::matmul(upsampling_[hand], out.fine);
        out.camera = camera_(average_(x.transpose(1, 2)).squeeze(2));
    }
    return outputs;
}

std::vector<std::pair<std::string, std::int64_t>> HandNet::parameter_counts() const {
    std::vector<std::pair<std::string, std::int64_t>> counts{{"encoder", count_of(*encoder_)}};
    std::int64_t laterals = 0, global = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        laterals += count_of(*laterals_[i]) + count_of(*lateral_norms_[i]);
    }
    for (std::size_t hand = 0; hand < 2; ++hand) {
        global += count_of(*global_[hand]) + count_of(*global_norms_[hand]);
    }
    counts.emplace_back("1x1 laterals", laterals);
    counts.emplace_back("vertex features", global);
    if (dense_) {
        counts.emplace_back("maps of parts and depth", count_of(*dense_) + count_of(*direct_));
    }
    for (std::size_t i = 0; i < 3; ++i) {
        counts.emplace_back("block " + std::to_string(i + 1), count_of(*blocks_[i]));
    }
    counts.emplace_back("heads",
                        count_of(*coordinates_) + count_of(*average_) + count_of(*camera_));
    counts.emplace_back("all", count_of(*this));
    return counts;
}

} // namespace rih::learn
