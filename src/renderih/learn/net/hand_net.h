// SPDX-License-Identifier: Apache-2.0
// TransHand (paper 4, Fig. 8): an image encoder, a vertex feature for each hand, three blocks from
// coarse to fine that fuse picture and vertices by transformers and both hands by the correlation
// encoder, and heads for coordinates and a weak-perspective camera.
#pragma once

#include "renderih/learn/net/dense_maps.h"
#include "renderih/learn/net/encoder.h"
#include "renderih/learn/net/hand_geometry.h"
#include "renderih/learn/net/layers.h"
#include "renderih/learn/net/net_options.h"

#include <map>
#include <optional>

namespace rih::learn {

/// One hand's mesh and camera. Both hands share one frame: the camera's axes, origin at the left
/// hand's middle MCP joint, metres (or units of loss.bone_length_m).
struct HandOutput {
    torch::Tensor vertices; ///< [B, V, 3]
    torch::Tensor fine;     ///< [B, 4 N, 3], the last block's own vertices
    torch::Tensor camera;   ///< [B, 3]: scale, x, y; see project()
};
using HandOutputs = std::array<HandOutput, 2>; // right, left

struct NetOutputs {
    HandOutputs hands;
    std::optional<DenseOutputs> maps; ///< with net.dense_features
};

/// Weak perspective: 2 scale (x, y) + (tx, ty), -1 .. 1 over the crop. points [B, P, 3] -> [B, P,
/// 2].
torch::Tensor project(const torch::Tensor& points, const torch::Tensor& camera);

/// One resolution of the decoder.
class DecoderBlock : public torch::nn::Module {
  public:
    struct Extents {
        int vertices = 0, in = 0, out = 0; ///< features are halved from in to out
        int map_features = 0;              ///< channels of the picture's map
        int patch = 1;                     ///< its pixels a token, along a side
        int tokens = 0;                    ///< of the picture
    };
    DecoderBlock(const Extents& extents, const NetOptions& options);

    /// hands [B, vertices, in] each, map [B, map_features, h, w] -> [B, vertices, out] each.
    std::array<torch::Tensor, 2> forward(const std::array<torch::Tensor, 2>& hands,
                                         const torch::Tensor& map);

  private:
    struct Fusion {
        torch::nn::Conv2d patches{nullptr};
        torch::Tensor positions; // [tokens, out]
        std::shared_ptr<TransformerLayer> on_image, on_both;
        torch::nn::Linear project{nullptr};
    };
    torch::Tensor positions_; // [vertices, in]
    std::array<std::vector<std::shared_ptr<ResidualMlp>>, 2> layers_;
    std::array<Fusion, 2> fusions_;
    std::shared_ptr<CorrelationEncoder> correlation_; // null: the baseline
};

class HandNet : public torch::nn::Module {
  public:
    /// Weights are drawn from torch's generator.
    HandNet(const NetOptions& options, const HandsGeometry& geometry);

    /// images [B, 3, S, S], sRGB 0 .. 1.
    NetOutputs forward(const torch::Tensor& images);

    /// Weights by part, in the order of docs/training.md's table.
    std::vector<std::pair<std::string, std::int64_t>> parameter_counts() const;
    Encoder& encoder() { return *encoder_; }
    const NetOptions& options() const { return options_; }

  private:
    NetOptions options_;
    std::shared_ptr<Encoder> encoder_;
    std::vector<torch::nn::Conv2d> laterals_;           // coarse to fine
    std::vector<torch::nn::BatchNorm2d> lateral_norms_; // coarse to fine
    std::shared_ptr<DenseMaps> dense_;                  // null: none
    torch::nn::Sequential direct_{nullptr};             // null: none
    std::vector<torch::nn::Linear> global_;             // right, left
    std::vector<torch::nn::LayerNorm> global_norms_;
    std::vector<std::shared_ptr<DecoderBlock>> blocks_;
    torch::nn::Linear coordinates_{nullptr}, average_{nullptr}, camera_{nullptr};
    // Follow from the hand model; no part of the weights.
    torch::Tensor mean_, deviation_;              // [3, 1, 1] of pictures
    std::array<torch::Tensor, 2> position_codes_; // [N, 3]
    std::array<torch::Tensor, 2> upsampling_;     // [V, 4 N]
};

} // namespace rih::learn
