// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/losses/map_losses.h"

#include "renderih/learn/data/training_item.h"

#include <ATen/ATen.h>

namespace rih::learn {

namespace {

/// Over the pixels of `mask`.
at::Tensor mean_over(const at::Tensor& values, const at::Tensor& mask) {
    return at::where(mask, values, at::zeros({}, values.options())).sum() / mask.sum().clamp_min(1);
}

} // namespace

at::Tensor parts_loss(const at::Tensor& logits, const at::Tensor& parts) {
    const at::Tensor log_likelihood =
        at::log_softmax(logits, 1).gather(1, parts.clamp_min(0).unsqueeze(1)).squeeze(1);
    return mean_over(-log_likelihood, parts != kUnknownPart);
}

at::Tensor
part_depth_loss(const at::Tensor& depth, const at::Tensor& target, const at::Tensor& parts) {
    return mean_over((depth - target).abs(), parts > kNoPart);
}

} // namespace rih::learn
