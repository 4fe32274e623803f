// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/train/adam.h"

#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/full.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

namespace rih::learn {

Adam::Adam(std::vector<at::Tensor> parameters, const AdamOptions& options)
    : parameters_(std::move(parameters)), options_(options) {
    const c10::NoGradGuard no_grad;
    for (const at::Tensor& parameter : parameters_) {
        first_.push_back(at::zeros_like(parameter)); // keeps its memory layout
        second_.push_back(at::zeros_like(parameter));
    }
    set_steps(0);
}

void Adam::set_steps(std::int64_t steps) {
    steps_ = steps;
    const at::Tensor number =
        at::full({}, static_cast<double>(steps), parameters_.front().options().dtype(at::kFloat));
    step_of_parameter_.assign(parameters_.size(), number);
}

void Adam::zero_gradients() {
    for (at::Tensor& parameter : parameters_) {
        if (parameter.grad().defined()) {
            parameter.mutable_grad().zero_();
        }
    }
}

std::vector<at::Tensor> Adam::gradients() const {
    std::vector<at::Tensor> gradients;
    gradients.reserve(parameters_.size());
    for (const at::Tensor& parameter : parameters_) {
        gradients.push_back(parameter.grad().defined() ? parameter.grad()
                                                       : at::zeros_like(parameter));
    }
    return gradients;
}

double Adam::gradient_norm() const {
    const c10::NoGradGuard no_grad;
    return at::stack(at::_foreach_norm(gradients(), 2)).norm().item<double>();
}

void Adam::scale_gradients(double factor) {
    const c10::NoGradGuard no_grad;
    at::_foreach_mul_(gradients(), factor);
}

void Adam::step(double learning_rate) {
    const c10::NoGradGuard no_grad;
    set_steps(steps_ + 1);
    const std::vector<at::Tensor> gradients = this->gradients();
    const auto run = [&](const auto& kernel) {
        kernel(parameters_,
               gradients,
               first_,
               second_,
               at::TensorList{},
               step_of_parameter_,
               learning_rate,
               options_.beta1,
               options_.beta2,
               options_.weight_decay,
               options_.epsilon,
               false,  // amsgrad
               false); // maximize
    };
    if (options_.weight_decay > 0) {
        run([](auto&&... arguments) { at::_fused_adamw_(arguments...); });
    } else {
        run([](auto&&... arguments) { at::_fused_adam_(arguments...); });
    }
}

} // namespace rih::learn
