// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/losses/point_losses.h"

#include "renderih/base/error.h"

#include <ATen/ATen.h>

#include <array>

namespace rih::learn {

namespace {

// A direction is a vector over its length, or over this where it is shorter (m).
constexpr double kShortest = 1e-12;

at::Tensor distance_of(const at::Tensor& difference, Distance distance) {
    switch (distance) {
    case Distance::L1:
        return difference.abs();
    case Distance::SmoothL1:
        return at::smooth_l1_loss(difference, at::zeros_like(difference), at::Reduction::None);
    case Distance::Squared:
        return difference.square();
    }
    RIH_ASSERT(false, "distance");
}

at::Tensor unit(const at::Tensor& vectors) {
    return vectors / vectors.norm(2, {-1}, true).clamp_min(kShortest);
}

/// The faces' corners, [B, F, 3] each.
std::array<at::Tensor, 3> corners(const at::Tensor& vertices, const at::Tensor& faces) {
    return {vertices.index_select(1, faces.select(1, 0)),
            vertices.index_select(1, faces.select(1, 1)),
            vertices.index_select(1, faces.select(1, 2))};
}

/// The three edges of each face, [B, F, 3 edges, 3].
at::Tensor edges(const std::array<at::Tensor, 3>& corner) {
    return at::stack({corner[1] - corner[0], corner[2] - corner[1], corner[0] - corner[2]}, 2);
}

void check(const at::Tensor& prediction, const at::Tensor& target) {
    RIH_ASSERT(prediction.dim() == 3 && prediction.sizes() == target.sizes(),
               "prediction and target differ in shape");
}

} // namespace

Distance distance_named(const std::string& name) {
    RIH_ASSERT(name == "l1" || name == "smooth-l1" || name == "squared", "distance {}", name);
    return name == "l1"          ? Distance::L1
           : name == "smooth-l1" ? Distance::SmoothL1
                                 : Distance::Squared;
}

at::Tensor point_loss(const at::Tensor& prediction,
                      const at::Tensor& target,
                      Distance distance,
                      const std::optional<at::Tensor>& valid) {
    check(prediction, target);
    const at::Tensor each = distance_of(prediction - target, distance).mean(2); // [B, P]
    if (!valid) {
        return each.mean(1);
    }
    return (each * *valid).sum(1) / valid->sum(1).clamp_min(1);
}

at::Tensor smoothness_loss(const at::Tensor& prediction,
                           const at::Tensor& target,
                           const at::Tensor& faces,
                           Distance distance) {
    check(prediction, target);
    const std::array<at::Tensor, 3> corner = corners(target, faces);
    const at::Tensor normals =
        unit(at::linalg_cross(corner[1] - corner[0], corner[2] - corner[0])); // [B, F, 3]
    const at::Tensor along =
        (unit(edges(corners(prediction, faces))) * normals.unsqueeze(2)).sum(-1); // [B, F, 3]
    return distance_of(along, distance).mean({1, 2});
}

at::Tensor edge_loss(const at::Tensor& prediction,
                     const at::Tensor& target,
                     const at::Tensor& faces,
                     Distance distance) {
    check(prediction, target);
    const at::Tensor predicted = edges(corners(prediction, faces)).norm(2, {-1});
    const at::Tensor wanted = edges(corners(target, faces)).norm(2, {-1});
    return distance_of(predicted - wanted, distance).mean({1, 2});
}

} // namespace rih::learn
