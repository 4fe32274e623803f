// SPDX-License-Identifier: Apache-2.0
// The natural discriminator of the paper (Figure 4, eq. 7-8): a residual network that gives the
// probability that one hand's joint angles are a natural pose. One net serves both hands, since
// equal angles are mirror images.
//   x  = 45 angles / kAngleScale
//   d1 = f(L1 x), d2 = f(L2 d1), d3 = f(L3 d2 + d1), d4 = L4 d3, d5 = f(L5 d4)
//   D  = sigmoid(L6 d5),  f = leaky ReLU, slope 0.01 below zero, corner rounded
#pragma once

#include "renderih/hand/anatomy.h"
#include "renderih/math/types.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

namespace rih {

class Discriminator {
  public:
    static constexpr int kInputCount = 3 * kFingerJointCount;
    static constexpr int kLayerCount = 6;
    static constexpr double kAngleScale = 1.0; ///< radians
    static constexpr double kLeak = 0.01;
    static constexpr double kSharpness = 8; ///< the corner's width is about its inverse

    /// Layer l maps x to weights[l] x + biases[l]; shapes [W, 45], four of [W, W], [1, W].
    struct Layers {
        std::array<MatX, kLayerCount> weights;
        std::array<VecX, kLayerCount> biases;
    };

    explicit Discriminator(Layers layers);

    /// Reads weights.npz (layer1_weight .. layer6_bias). Throws UserError.
    static Discriminator load(const std::filesystem::path& path);
    void save(const std::filesystem::path& path) const;

    /// Probability of natural, in [0, 1].
    double probability(const FingerAngles& angles) const;

    /// The same, with its derivative by every angle (twist, splay, bend), per radian.
    double probability_gradient(const FingerAngles& angles, FingerAngles* gradient) const;

    int width() const { return static_cast<int>(layers_.biases[0].size()); }
    const Layers& layers() const { return layers_; }
    /// Digest of the weights.
    std::string fingerprint() const;

  private:
    Layers layers_;
};

/// What a forward pass over N poses keeps for the way back; every matrix has N columns.
struct DiscriminatorPass {
    MatX x, a1, d1, a2, d2, a3, d3, d4, a5, d5;
    VecX probability; // [N]
};
DiscriminatorPass discriminator_forward(const Discriminator::Layers& layers,
                                        const MatX& inputs); // [45, N]

/// dE/dinputs [45, N] for dE/dprobability [N]; with `gradient`, dE/dlayers summed over the poses.
MatX discriminator_backward(const Discriminator::Layers& layers,
                            const DiscriminatorPass& pass,
                            const VecX& d_probability,
                            Discriminator::Layers* gradient);

/// Column-wise inputs of the network, [45, 1]: joint j's (twist, splay, bend) from row 3 j.
VecX discriminator_input(const FingerAngles& angles);

} // namespace rih
