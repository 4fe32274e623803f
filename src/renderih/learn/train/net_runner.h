// SPDX-License-Identifier: Apache-2.0
// A network on its device, as training, evaluation and prediction all use it.
#pragma once

#include "renderih/learn/data/batch_source.h"
#include "renderih/learn/losses/training_loss.h"
#include "renderih/learn/net/hand_geometry.h"
#include "renderih/learn/net/hand_net.h"

#include <ATen/core/Tensor.h>

#include <memory>

namespace rih::learn {

class NetRunner {
  public:
    /// A network with weights drawn from torch's generator, on the GPU where this libtorch has one.
    /// With `bfloat16`, products and convolutions run in that type; weights stay float32.
    NetRunner(const NetOptions& options, HandsGeometry geometry, bool bfloat16);

    HandNet& net() { return *net_; }
    const HandsGeometry& geometry() const { return geometry_; }
    const std::array<HandOperators, 2>& operators() const { return operators_; }
    at::Device device() const { return device_; }

    /// images: B x 3 x S x S floats. Keeps what backward needs when the network is in training.
    NetOutputs forward(const std::vector<float>& images, int batch);

    /// What the network says of pictures, without gradients and with running statistics. Leaves the
    /// network as it was, in training or not.
    NetOutputs predict(const std::vector<float>& images, int batch);

  private:
    HandsGeometry geometry_;
    at::Device device_;
    bool bfloat16_;
    std::shared_ptr<HandNet> net_;
    std::array<HandOperators, 2> operators_;
};

} // namespace rih::learn
