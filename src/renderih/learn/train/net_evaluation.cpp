// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/train/net_evaluation.h"

#include "renderih/learn/metrics/pair_scores.h"
#include "renderih/learn/net/tensors.h"
#include "renderih/learn/predict/overlay.h"

#include <ATen/ops/matmul.h>

#include <algorithm>
#include <limits>
#include <span>

namespace rih::learn {

namespace {

/// Row `row` of [B, n] floats.
std::span<const float> row_of(const std::vector<float>& values, int row, int batch) {
    const std::size_t count = values.size() / static_cast<std::size_t>(batch);
    return std::span(values).subspan(static_cast<std::size_t>(row) * count, count);
}

/// [N, columns] points of N x columns floats.
template <int columns>
Eigen::Matrix<double, Eigen::Dynamic, columns, Eigen::RowMajor>
points_of(std::span<const float> values) {
    return Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, columns, Eigen::RowMajor>>(
               values.data(), std::ssize(values) / columns, columns)
        .template cast<double>();
}

/// A hand's outputs on the CPU.
struct Outputs {
    std::vector<float> vertices, joints, vertices_px;
};

Outputs outputs_of(const HandOutput& hand, const HandOperators& operators, double size) {
    const at::Tensor pixels = (project(hand.vertices, hand.camera) + 1) * (size / 2);
    return {floats_of(hand.vertices),
            floats_of(at::matmul(operators.joints, hand.vertices)),
            floats_of(pixels)};
}

Image8 picture_of(std::span<const float> chw, int size) {
    Image8 picture(size, size, 3);
    for (int y = 0; y < size; ++y) {
        for (int x = 0; x < size; ++x) {
            for (int c = 0; c < 3; ++c) {
                const float value = chw[static_cast<std::size_t>((c * size + y) * size + x)];
                picture.at(x, y, c) =
                    static_cast<std::uint8_t>(std::clamp(value, 0.0f, 1.0f) * 255 + 0.5f);
            }
        }
    }
    return picture;
}

} // namespace

NetEvaluation evaluate_net(NetRunner& runner,
                           BatchSource& source,
                           const LossOptions& loss,
                           const NetEvaluationOptions& options) {
    NetEvaluation result;
    ScoreSummary summary;
    double loss_sum = 0;
    int done = 0;
    source.seek(0);
    const int size = source.shape().image_size;
    for (std::uint64_t n = 0; n < source.batches_per_epoch(); ++n) {
        const TrainingBatch batch = source.next();
        const int count = batch.shape.batch;
        const NetOutputs outputs = runner.predict(batch.images, count);
        {
            const at::NoGradGuard no_grad;
            const TrainingLoss value = training_loss(outputs,
                                                     make_targets(batch, loss, runner.device()),
                                                     runner.operators(),
                                                     loss,
                                                     std::numeric_limits<std::uint64_t>::max());
            loss_sum += value.total.item<double>() * count;
        }
        std::array<Outputs, 2> predicted;
        for (std::size_t hand = 0; hand < 2; ++hand) {
            predicted[hand] = outputs_of(outputs.hands[hand], runner.operators()[hand], size);
        }
        for (int row = 0; row < count; ++row) {
            ScoredPair prediction, target;
            std::array<JointMask, 2> valid{};
            for (std::size_t hand = 0; hand < 2; ++hand) {
                const BatchHand& labels = batch.hands[hand];
                const auto at = static_cast<std::size_t>(row);
                prediction[hand] = {true,
                                    points_of<3>(row_of(predicted[hand].joints, row, count)),
                                    points_of<3>(row_of(predicted[hand].vertices, row, count))};
                target[hand].present = labels.has_hand[at] > 0;
                target[hand].joints = points_of<3>(row_of(labels.joints_in_cam, row, count));
                target[hand].vertices.resize(0, 3);
                if (labels.has_vertices[at] > 0) {
                    target[hand].vertices =
                        points_of<3>(row_of(labels.vertices_in_cam, row, count));
                }
                const std::span<const float> joint_valid = row_of(labels.joint_valid, row, count);
                std::ranges::transform(
                    joint_valid, valid[hand].begin(), [](float value) { return value > 0; });
            }
            summary.add(score_pair(prediction, target, valid, true, {}),
                        batch.mask_iou[static_cast<std::size_t>(row)],
                        batch.ita_deg[static_cast<std::size_t>(row)]);
            if (done + row < options.pictures) {
                const Image8 crop = picture_of(row_of(batch.images, row, count), size);
                std::array<OverlayHand, 2> labelled, drawn;
                std::size_t labelled_count = 0;
                for (std::size_t hand = 0; hand < 2; ++hand) {
                    const Triangles& faces = runner.geometry().hands[hand].mesh.faces;
                    if (target[hand].vertices.rows() > 0) {
                        labelled[labelled_count++] = {
                            points_of<2>(row_of(batch.hands[hand].vertices_px, row, count)),
                            target[hand].vertices,
                            &faces,
                            kHandColours[hand]};
                    }
                    drawn[hand] = {points_of<2>(row_of(predicted[hand].vertices_px, row, count)),
                                   prediction[hand].vertices,
                                   &faces,
                                   kHandColours[hand]};
                }
                result.pictures.push_back(crop);
                draw_hands(result.pictures.back(), std::span(labelled).first(labelled_count));
                result.pictures.push_back(crop);
                draw_hands(result.pictures.back(), drawn);
            }
        }
        done += count;
        if (options.records > 0 && done >= options.records) {
            break;
        }
    }
    result.loss = loss_sum / done;
    result.scores = summary.groups().front();
    return result;
}

} // namespace rih::learn
