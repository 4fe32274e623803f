// SPDX-License-Identifier: Apache-2.0
// What TransHand's blocks are made of: residual layers on vertices, transformer layers, and the
// correlation encoder. F features, H heads; tokens are [B, N, F].
#pragma once

#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

namespace rih::learn {

/// LN, ReLU, linear, LN, ReLU, linear, dropout; plus a linear shortcut; LN. [B, N, in] -> out.
class ResidualMlp : public torch::nn::Module {
  public:
    ResidualMlp(int in, int out, double dropout);
    torch::Tensor forward(const torch::Tensor& x);

  private:
    torch::nn::LayerNorm norm1_, norm2_, norm3_;
    torch::nn::Linear linear1_, linear2_, shortcut_;
    torch::nn::Dropout dropout_;
};

/// Scaled dot-product attention of H heads with its four projections.
class Attention : public torch::nn::Module {
  public:
    Attention(int features, int heads, double dropout);
    /// Queries and keys of one set of tokens, values of another: for self attention the same.
    torch::Tensor forward(const torch::Tensor& keys, const torch::Tensor& values);

  private:
    torch::Tensor split(const torch::Tensor& x) const; ///< [B, N, F] -> [B, H, N, F / H]
    int heads_;
    double dropout_;
    torch::nn::Linear query_, key_, value_, out_;
};

/// x + dropout(linear ReLU linear LN x), F hidden features.
class TransformerMlp : public torch::nn::Module {
  public:
    TransformerMlp(int features, double dropout);
    torch::Tensor forward(const torch::Tensor& x);

  private:
    torch::nn::LayerNorm norm_;
    torch::nn::Linear linear1_, linear2_;
    torch::nn::Dropout dropout_;
};

/// Pre-norm self attention with its residual, then TransformerMlp.
class TransformerLayer : public torch::nn::Module {
  public:
    TransformerLayer(int features, int heads, double dropout);
    torch::Tensor forward(const torch::Tensor& x);

  private:
    torch::nn::LayerNorm norm_;
    std::shared_ptr<Attention> attention_;
    torch::nn::Dropout dropout_;
    std::shared_ptr<TransformerMlp> mlp_;
};

/// Both hands look at their sum (the lateral connection of Fig. 8): with S = R + L and norms of
/// their own, R' = LN_R(S), L' = LN_L(S); R gains attention of R' with the values of L', and L the
/// other way round, projections shared.
class CorrelationEncoder : public torch::nn::Module {
  public:
    CorrelationEncoder(int features, int heads, double dropout);
    /// right, left, each [B, N, F].
    std::array<torch::Tensor, 2> forward(const std::array<torch::Tensor, 2>& hands);

  private:
    std::array<std::shared_ptr<TransformerLayer>, 2> own_;
    std::vector<torch::nn::LayerNorm> norms_; // right, left
    std::shared_ptr<Attention> attention_;
    torch::nn::Dropout dropout_;
    std::array<std::shared_ptr<TransformerMlp>, 2> mlps_;
};

} // namespace rih::learn
