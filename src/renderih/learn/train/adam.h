// SPDX-License-Identifier: Apache-2.0
// Adam (Kingma, Ba 2015), with decoupled weight decay AdamW (Loshchilov, Hutter 2019), on torch's
// fused kernel: one pass over all weights. Its state is plain tensors, so that a checkpoint holds
// it.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace rih::learn {

struct AdamOptions {
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
    double weight_decay = 0; ///< above 0: AdamW
};

class Adam {
  public:
    Adam(std::vector<at::Tensor> parameters, const AdamOptions& options);

    void zero_gradients();
    /// Length of all gradients together. A parameter without one counts as zero.
    double gradient_norm() const;
    /// Multiplies every gradient.
    void scale_gradients(double factor);
    void step(double learning_rate);

    std::int64_t steps() const { return steps_; }
    void set_steps(std::int64_t steps);
    /// Running means of the gradients and of their squares, one tensor a parameter.
    const std::vector<at::Tensor>& first_moments() const { return first_; }
    const std::vector<at::Tensor>& second_moments() const { return second_; }

  private:
    std::vector<at::Tensor> gradients() const;
    std::vector<at::Tensor> parameters_, first_, second_;
    std::vector<at::Tensor> step_of_parameter_; // the kernel's; one number, many handles
    AdamOptions options_;
    std::int64_t steps_ = 0;
};

} // namespace rih::learn
