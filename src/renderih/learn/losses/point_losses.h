// SPDX-License-Identifier: Apache-2.0
// The parts of a training loss, each a function of tensors: value per sample, differentiable. Eq.
// 10-12 sum over points; here each is a mean, so that a weight means the same on every mesh.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>

namespace rih::learn {

/// How far a number is off: |d|, or d^2 / 2 below 1 and |d| - 1/2 above (smooth), or d^2.
enum class Distance { L1, SmoothL1, Squared };
/// "l1", "smooth-l1" or "squared".
Distance distance_named(const std::string& name);

/// Eq. 10, 11: mean over points and coordinates. prediction, target [B, P, D]; `valid` [B, P] of 0
/// and 1 leaves points out. [B]; 0 for a sample without points.
at::Tensor point_loss(const at::Tensor& prediction,
                      const at::Tensor& target,
                      Distance distance,
                      const std::optional<at::Tensor>& valid = {});

/// Eq. 12: mean over faces and their three edges of |e . n|; e is the predicted edge's direction, n
/// the target face's unit normal. vertices [B, V, 3], faces [F, 3] int64. [B]
at::Tensor smoothness_loss(const at::Tensor& prediction,
                           const at::Tensor& target,
                           const at::Tensor& faces,
                           Distance distance);

/// Mean over faces and their three edges of the difference of the edges' lengths. [B]
at::Tensor edge_loss(const at::Tensor& prediction,
                     const at::Tensor& target,
                     const at::Tensor& faces,
                     Distance distance);

} // namespace rih::learn
