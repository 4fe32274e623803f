// SPDX-License-Identifier: Apache-2.0
// Targets of a batch in the network's frame, and the weighted sum of the losses on them.
#pragma once

#include "renderih/learn/data/batch_source.h"
#include "renderih/learn/losses/loss_options.h"
#include "renderih/learn/net/hand_geometry.h"
#include "renderih/learn/net/hand_net.h"

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace rih::learn {

/// The linear maps between a hand's points, and its faces.
struct HandOperators {
    at::Tensor faces;              ///< [F, 3] int64
    at::Tensor joints;             ///< [21, V]
    at::Tensor fine_from_vertices; ///< [4 N, V]
};
std::array<HandOperators, 2> hand_operators(const HandsGeometry& geometry, at::Device device);

struct HandTarget {
    at::Tensor vertices, joints;         ///< [B, V, 3], [B, 21, 3] in the network's frame
    at::Tensor vertices_2d, joints_2d;   ///< [B, V, 2], [B, 21, 2], -1 .. 1 over the crop
    at::Tensor has_joints, has_vertices; ///< [B] 0 or 1
    at::Tensor joint_valid;              ///< [B, 21] 0 or 1
};
struct Targets {
    std::array<HandTarget, 2> hands; ///< right, left
    at::Tensor parts;                ///< [B, M, M] int64: class, or kUnknownPart
    at::Tensor depth;                ///< [B, M, M] z in the network's frame
};
/// In camera axes, origin at the left hand's middle MCP - the right hand's where there is no left
/// one -, scaled as loss.bone_length_m says. Copies what it needs of `batch`.
Targets make_targets(const TrainingBatch& batch, const LossOptions& options, at::Device device);

struct TrainingLoss {
    at::Tensor total; ///< [], the mean over both hands of the weighted terms
    /// Each weighted term, for the log.
    std::vector<std::pair<std::string, at::Tensor>> terms;
};
/// `epoch` decides whether the edges count. A hand that a sample lacks adds nothing.
TrainingLoss training_loss(const NetOutputs& prediction,
                           const Targets& target,
                           const std::array<HandOperators, 2>& operators,
                           const LossOptions& options,
                           std::uint64_t epoch);

} // namespace rih::learn
