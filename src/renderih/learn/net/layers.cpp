// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/net/layers.h"

#include "renderih/learn/net/hand_names.h"

#include <ATen/ops/relu.h>
#include <ATen/ops/scaled_dot_product_attention.h>

namespace rih::learn {

namespace {

torch::nn::LayerNorm layer_norm(int features) {
    return torch::nn::LayerNorm(torch::nn::LayerNormOptions({features}).eps(1e-6));
}

} // namespace

ResidualMlp::ResidualMlp(int in, int out, double dropout)
    : norm1_(register_module("norm1", layer_norm(in))),
      norm2_(register_module("norm2", layer_norm(out))),
      norm3_(register_module("norm3", layer_norm(out))),
      linear1_(register_module("linear1", torch::nn::Linear(in, out))),
      linear2_(register_module("linear2", torch::nn::Linear(out, out))),
      shortcut_(register_module("shortcut", torch::nn::Linear(in, out))),
      dropout_(register_module("dropout", torch::nn::Dropout(dropout))) {}

torch::Tensor ResidualMlp::forward(const torch::Tensor& x) {
    torch::Tensor y = linear1_(at::relu(norm1_(x)));
    y = dropout_(linear2_(at::relu(norm2_(y))));
    return norm3_(y + shortcut_(x));
}

Attention::Attention(int features, int heads, double dropout)
    : heads_(heads), dropout_(dropout),
      query_(register_module("query", torch::nn::Linear(features, features))),
      key_(register_module("key", torch::nn::Linear(features, features))),
      value_(register_module("value", torch::nn::Linear(features, features))),
      out_(register_module("out", torch::nn::Linear(features, features))) {}

torch::Tensor Attention::split(const torch::Tensor& x) const {
    return x.view({x.size(0), x.size(1), heads_, x.size(2) / heads_}).transpose(1, 2);
}

torch::Tensor Attention::forward(const torch::Tensor& keys, const torch::Tensor& values) {
    const torch::Tensor attended = at::scaled_dot_product_attention(split(query_(keys)),
                                                                    split(key_(keys)),
                                                                    split(value_(values)),
                                                                    {},
                                                                    is_training() ? dropout_ : 0);
    return out_(attended.transpose(1, 2).reshape(keys.sizes()));
}

TransformerMlp::TransformerMlp(int features, double dropout)
    : norm_(register_module("norm", layer_norm(features))),
      linear1_(register_module("linear1", torch::nn::Linear(features, features))),
      linear2_(register_module("linear2", torch::nn::Linear(features, features))),
      dropout_(register_module("dropout", torch::nn::Dropout(dropout))) {}

torch::Tensor TransformerMlp::forward(const torch::Tensor& x) {
    return x + dropout_(linear2_(at::relu(linear1_(norm_(x)))));
}

TransformerLayer::TransformerLayer(int features, int heads, double dropout)
    : norm_(register_module("norm", layer_norm(features))),
      attention_(
          register_module("attention", std::make_shared<Attention>(features, heads, dropout))),
      dropout_(register_module("dropout", torch::nn::Dropout(dropout))),
      mlp_(register_module("mlp", std::make_shared<TransformerMlp>(features, dropout))) {}

torch::Tensor TransformerLayer::forward(const torch::Tensor& x) {
    const torch::Tensor normed = norm_(x);
    return mlp_->forward(x + dropout_(attention_->forward(normed, normed)));
}

CorrelationEncoder::CorrelationEncoder(int features, int heads, double dropout)
    : attention_(
          register_module("attention", std::make_shared<Attention>(features, heads, dropout))),
      dropout_(register_module("dropout", torch::nn::Dropout(dropout))) {
    for (std::size_t hand = 0; hand < 2; ++hand) {
        own_[hand] = register_module(kHandNames[hand] + "_own",
                                     std::make_shared<TransformerLayer>(features, heads, dropout));
        norms_.push_back(register_module(kHandNames[hand] + "_norm", layer_norm(features)));
        mlps_[hand] = register_module(kHandNames[hand] + "_mlp",
                                      std::make_shared<TransformerMlp>(features, dropout));
    }
}

std::array<torch::Tensor, 2>
CorrelationEncoder::forward(const std::array<torch::Tensor, 2>& hands) {
    const std::array<torch::Tensor, 2> own{own_[0]->forward(hands[0]), own_[1]->forward(hands[1])};
    const torch::Tensor sum = own[0] + own[1];
    const std::array<torch::Tensor, 2> normed{norms_[0](sum), norms_[1](sum)};
    std::array<torch::Tensor, 2> result;
    for (std::size_t hand = 0; hand < 2; ++hand) {
        const torch::Tensor other = attention_->forward(normed[hand], normed[1 - hand]);
        result[hand] = mlps_[hand]->forward(own[hand] + dropout_(other));
    }
    return result;
}

} // namespace rih::learn
