// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/train/net_runner.h"

#include "renderih/learn/net/tensors.h"

#include <ATen/Context.h>
#include <ATen/autocast_mode.h>

namespace rih::learn {

namespace {

/// Autocast to bfloat16 as long as this object lives.
class Autocast {
  public:
    Autocast(at::DeviceType device, bool enabled) : device_(device), enabled_(enabled) {
        if (enabled_) {
            at::autocast::set_autocast_dtype(device_, at::kBFloat16);
            at::autocast::set_autocast_enabled(device_, true);
            at::autocast::increment_nesting();
        }
    }
    ~Autocast() {
        if (enabled_) {
            if (at::autocast::decrement_nesting() == 0) {
                at::autocast::clear_cache(); // of weights in bfloat16, which the next step changes
            }
            at::autocast::set_autocast_enabled(device_, false);
        }
    }
    Autocast(const Autocast&) = delete;
    Autocast& operator=(const Autocast&) = delete;

  private:
    at::DeviceType device_;
    bool enabled_;
};

} // namespace

NetRunner::NetRunner(const NetOptions& options, HandsGeometry geometry, bool bfloat16)
    : geometry_(std::move(geometry)), device_(at::hasCUDA() ? at::kCUDA : at::kCPU),
      bfloat16_(bfloat16), net_(std::make_shared<HandNet>(options, geometry_)),
      operators_(hand_operators(geometry_, device_)) {
    net_->to(device_);
    // Channels last: convolutions then need no reordering on CPUs and use tensor cores on GPUs.
    const at::NoGradGuard no_grad;
    for (at::Tensor& parameter : net_->parameters()) {
        if (parameter.dim() == 4) {
            parameter.set_data(parameter.contiguous(at::MemoryFormat::ChannelsLast));
        }
    }
}

NetOutputs NetRunner::forward(const std::vector<float>& images, int batch) {
    const std::int64_t size = net_->options().image_size;
    const at::Tensor input =
        wrap(images, {batch, 3, size, size}).to(device_).contiguous(at::MemoryFormat::ChannelsLast);
    const Autocast autocast(device_.type(), bfloat16_);
    return net_->forward(input);
}

NetOutputs NetRunner::predict(const std::vector<float>& images, int batch) {
    const at::NoGradGuard no_grad;
    const bool training = net_->is_training();
    net_->eval();
    NetOutputs outputs = forward(images, batch);
    net_->train(training);
    return outputs;
}

} // namespace rih::learn
