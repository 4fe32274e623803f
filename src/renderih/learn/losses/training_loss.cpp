// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/losses/training_loss.h"

#include "renderih/learn/losses/map_losses.h"
#include "renderih/learn/losses/point_losses.h"
#include "renderih/learn/net/tensors.h"

#include <ATen/ATen.h>

namespace rih::learn {

namespace {

constexpr int kWrist = 0, kMiddleMcp = 9; // of mano21

at::Tensor face_tensor(const Triangles& faces) {
    at::Tensor tensor = at::empty({std::ssize(faces), 3}, at::kLong);
    std::int64_t* out = tensor.mutable_data_ptr<std::int64_t>();
    for (const std::array<int, 3>& face : faces) {
        out = std::copy(face.begin(), face.end(), out);
    }
    return tensor;
}

/// Mean over the samples that have it: [B], [B] -> [].
at::Tensor masked_mean(const at::Tensor& loss, const at::Tensor& has) {
    return (loss * has).sum() / has.sum().clamp_min(1);
}

} // namespace

std::array<HandOperators, 2> hand_operators(const HandsGeometry& geometry, at::Device device) {
    std::array<HandOperators, 2> operators;
    for (std::size_t hand = 0; hand < 2; ++hand) {
        const HandGeometry& from = geometry.hands[hand];
        operators[hand] = {face_tensor(from.mesh.faces).to(device),
                           tensor_of(MatX(from.mesh.joint_regressor.cast<double>())).to(device),
                           tensor_of(MatX(from.fine_from_vertices)).to(device)};
    }
    return operators;
}

Targets make_targets(const TrainingBatch& batch, const LossOptions& options, at::Device device) {
    const std::int64_t count = batch.shape.batch, vertices = batch.shape.vertices;
    const auto joints_of = [&](std::size_t hand) {
        return wrap(batch.hands[hand].joints_in_cam, {count, 21, 3});
    };
    const at::Tensor has_left = wrap(batch.hands[1].has_hand, {count}).view({count, 1, 1});
    const at::Tensor origin = at::where(has_left > 0,
                                        joints_of(1).slice(1, kMiddleMcp, kMiddleMcp + 1),
                                        joints_of(0).slice(1, kMiddleMcp, kMiddleMcp + 1));
    at::Tensor scale = at::ones({count, 1, 1});
    if (options.bone_length_m > 0) {
        at::Tensor lengths = at::zeros({count}), hands = at::zeros({count});
        for (std::size_t hand = 0; hand < 2; ++hand) {
            const at::Tensor joints = joints_of(hand);
            const at::Tensor has = wrap(batch.hands[hand].has_hand, {count});
            lengths +=
                has * (joints.select(1, kMiddleMcp) - joints.select(1, kWrist)).norm(2, {-1});
            hands += has;
        }
        scale = at::where(lengths > 0, options.bone_length_m * hands / lengths, at::ones({count}))
                    .view({count, 1, 1});
    }
    const double half = batch.shape.image_size / 2.0;
    Targets targets;
    const std::int64_t map = batch.shape.map_size;
    targets.parts = wrap(batch.parts, {count, map, map}).clone().to(device);
    targets.depth =
        ((wrap(batch.depth, {count, map, map}) - origin.select(2, 2).unsqueeze(2)) * scale)
            .to(device);
    for (std::size_t hand = 0; hand < 2; ++hand) {
        const BatchHand& from = batch.hands[hand];
        const auto place = [&](const at::Tensor& points) {
            return ((points - origin) * scale).to(device);
        };
        // Dividing makes new tensors, which outlive the batch.
        const auto on_crop = [&](const at::Tensor& pixels) {
            return (pixels / half - 1).to(device);
        };
        targets.hands[hand] = {place(wrap(from.vertices_in_cam, {count, vertices, 3})),
                               place(joints_of(hand)),
                               on_crop(wrap(from.vertices_px, {count, vertices, 2})),
                               on_crop(wrap(from.joints_px, {count, 21, 2})),
                               wrap(from.has_hand, {count}).clone().to(device),
                               wrap(from.has_vertices, {count}).clone().to(device),
                               wrap(from.joint_valid, {count, 21}).clone().to(device)};
    }
    return targets;
}

TrainingLoss training_loss(const NetOutputs& outputs,
                           const Targets& targets,
                           const std::array<HandOperators, 2>& operators,
                           const LossOptions& options,
                           std::uint64_t epoch) {
    const Distance distance_3d = distance_named(options.distance_3d);
    const Distance distance_2d = distance_named(options.distance_2d);
    const HandOutputs& prediction = outputs.hands;
    const std::array<HandTarget, 2>& target = targets.hands;
    TrainingLoss loss;
    loss.total = at::zeros({}, prediction[0].vertices.options());
    const auto add_term = [&](const char* name, const at::Tensor& weighted) {
        loss.total = loss.total + weighted;
        loss.terms.emplace_back(name, weighted.detach());
    };
    const auto add = [&](const char* name, double weight, const auto& term_of_hand) {
        if (weight > 0) {
            add_term(name,
                     (term_of_hand(std::size_t{0}) + term_of_hand(std::size_t{1})) * (weight / 2));
        }
    };
    std::array<at::Tensor, 2> joints;
    for (std::size_t hand = 0; hand < 2; ++hand) {
        joints[hand] = at::matmul(operators[hand].joints, prediction[hand].vertices);
    }

    add("vertices_3d", options.vertices_3d, [&](std::size_t h) {
        return masked_mean(point_loss(prediction[h].vertices, target[h].vertices, distance_3d),
                           target[h].has_vertices);
    });
    add("joints_3d", options.joints_3d, [&](std::size_t h) {
        return masked_mean(
            point_loss(joints[h], target[h].joints, distance_3d, target[h].joint_valid),
            target[h].has_joints);
    });
    add("vertices_2d", options.vertices_2d, [&](std::size_t h) {
        return masked_mean(point_loss(project(prediction[h].vertices, prediction[h].camera),
                                      target[h].vertices_2d,
                                      distance_2d),
                           target[h].has_vertices);
    });
    add("joints_2d", options.joints_2d, [&](std::size_t h) {
        return masked_mean(point_loss(project(joints[h], prediction[h].camera),
                                      target[h].joints_2d,
                                      distance_2d,
                                      target[h].joint_valid),
                           target[h].has_joints);
    });
    add("smooth", options.smooth, [&](std::size_t h) {
        return masked_mean(
            smoothness_loss(
                prediction[h].vertices, target[h].vertices, operators[h].faces, distance_3d),
            target[h].has_vertices);
    });
    const bool edges = epoch >= static_cast<std::uint64_t>(options.edges_from_epoch);
    add("edges", edges ? options.edges : 0, [&](std::size_t h) {
        return masked_mean(
            edge_loss(prediction[h].vertices, target[h].vertices, operators[h].faces, distance_3d),
            target[h].has_vertices);
    });
    const auto coarse = [&](std::size_t h, const at::Tensor& points) {
        return at::matmul(operators[h].fine_from_vertices, points);
    };
    add("coarse_3d", options.coarse_vertices_3d, [&](std::size_t h) {
        return masked_mean(
            point_loss(prediction[h].fine, coarse(h, target[h].vertices), distance_3d),
            target[h].has_vertices);
    });
    add("coarse_2d", options.coarse_vertices_2d, [&](std::size_t h) {
        return masked_mean(point_loss(project(prediction[h].fine, prediction[h].camera),
                                      coarse(h, target[h].vertices_2d),
                                      distance_2d),
                           target[h].has_vertices);
    });
    if (outputs.maps && options.parts > 0) {
        add_term("parts", options.parts * parts_loss(outputs.maps->part_logits, targets.parts));
    }
    if (outputs.maps && options.depth > 0) {
        add_term("depth",
                 options.depth *
                     part_depth_loss(outputs.maps->depth, targets.depth, targets.parts));
    }
    return loss;
}

} // namespace rih::learn
