// SPDX-License-Identifier: Apache-2.0
// Losses on what coarse pixels show (net/dense_maps.h).
#pragma once

#include <ATen/core/Tensor.h>

namespace rih::learn {

/// Mean cross entropy over the pixels whose part is known; 0 when none is. logits [B, C, M, M],
/// parts [B, M, M] int64 -> [].
at::Tensor parts_loss(const at::Tensor& logits, const at::Tensor& parts);

/// Mean distance over the pixels that a hand covers; 0 when there are none. [B, M, M] each -> [].
at::Tensor
part_depth_loss(const at::Tensor& depth, const at::Tensor& target, const at::Tensor& parts);

} // namespace rih::learn
