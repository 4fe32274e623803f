// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/rng.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/learn/losses/map_losses.h"
#include "renderih/learn/losses/point_losses.h"
#include "renderih/learn/losses/training_loss.h"
#include "renderih/math/gradient_check.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <functional>

namespace rih::learn {
namespace {

constexpr Distance kDistances[] = {Distance::L1, Distance::SmoothL1, Distance::Squared};

at::Tensor random(at::IntArrayRef shape, std::uint64_t id, double scale = 1) {
    Rng rng(3, id, "losses");
    at::Tensor tensor = at::empty(shape, at::kDouble);
    for (std::int64_t i = 0; i < tensor.numel(); ++i) {
        tensor.mutable_data_ptr<double>()[i] = scale * rng.normal();
    }
    return tensor;
}

/// Holds torch's gradient of `loss` at `point` against finite differences, number by number.
std::string gradient_faults(const at::Tensor& point,
                            const std::function<at::Tensor(const at::Tensor&)>& loss,
                            const GradientCheckOptions& options = {.step = 1e-5,
                                                                   .tolerance = 1e-6}) {
    at::Tensor leaf = point.clone().set_requires_grad(true);
    loss(leaf).backward();
    const at::Tensor gradient = leaf.grad().contiguous().flatten();
    const auto count = static_cast<Eigen::Index>(point.numel());
    std::vector<std::string> names;
    for (Eigen::Index i = 0; i < count; ++i) {
        names.push_back(fmt::format("number {}", i));
    }
    const at::Tensor flat = point.contiguous().flatten();
    return check_gradient(
        names,
        Eigen::Map<const VecX>(flat.const_data_ptr<double>(), count),
        [&](const VecX& x) {
            const at::Tensor moved =
                at::from_blob(const_cast<double*>(x.data()), point.sizes(), at::kDouble).clone();
            return loss(moved).item<double>();
        },
        Eigen::Map<const VecX>(gradient.const_data_ptr<double>(), count),
        options);
}

TEST(PointLoss, ValuesAreTheFormulas) {
    const at::Tensor target = at::zeros({1, 2, 2}, at::kDouble);
    const at::Tensor prediction = at::tensor({0.5, -2.0, 0.0, 3.0}, at::kDouble).view({1, 2, 2});
    EXPECT_DOUBLE_EQ(point_loss(prediction, target, Distance::L1).item<double>(), 5.5 / 4);
    EXPECT_DOUBLE_EQ(point_loss(prediction, target, Distance::SmoothL1).item<double>(),
                     (0.125 + 1.5 + 0 + 2.5) / 4);
    EXPECT_DOUBLE_EQ(point_loss(prediction, target, Distance::Squared).item<double>(),
                     (0.25 + 4 + 0 + 9) / 4);
    const at::Tensor second = at::tensor({0.0, 1.0}, at::kDouble).view({1, 2});
    EXPECT_DOUBLE_EQ(point_loss(prediction, target, Distance::L1, second).item<double>(), 1.5);
    EXPECT_EQ(point_loss(prediction, target, Distance::L1, at::zeros_like(second)).item<double>(),
              0);
}

TEST(PointLoss, GradientsAreRight) {
    const at::Tensor target = random({2, 5, 3}, 1), valid = (random({2, 5}, 2) > 0).to(at::kDouble);
    for (const Distance distance : kDistances) {
        EXPECT_EQ(gradient_faults(random({2, 5, 3}, 3),
                                  [&](const at::Tensor& x) {
                                      return point_loss(x, target, distance, valid).sum();
                                  }),
                  "");
    }
}

/// A square in the plane z = 0 of two faces.
at::Tensor square() {
    return at::tensor({0., 0., 0., 1., 0., 0., 1., 1., 0., 0., 1., 0.}, at::kDouble)
        .view({1, 4, 3});
}
at::Tensor square_faces() {
    return at::tensor({0, 1, 2, 0, 2, 3}, at::kLong).view({2, 3});
}

TEST(SmoothnessLoss, IsZeroInTheTargetsPlanesAndOneAcross) {
    const at::Tensor faces = square_faces();
    const at::Tensor stretched = square() * at::tensor({3., 0.5, 1.}, at::kDouble);
    EXPECT_NEAR(smoothness_loss(stretched, square(), faces, Distance::L1).item<double>(), 0, 1e-12);
    // Turned by 90 degrees about x: of each face's edges one lies along x, one along z, and the
    // diagonal between them.
    const at::Tensor turned =
        at::stack({square().select(2, 0), square().select(2, 2), square().select(2, 1)}, 2);
    EXPECT_NEAR(smoothness_loss(turned, square(), faces, Distance::L1).item<double>(),
                (0 + 1 + std::sqrt(0.5)) / 3,
                1e-12);
}

TEST(EdgeLoss, ComparesLengths) {
    EXPECT_NEAR(edge_loss(square() * 3, square(), square_faces(), Distance::L1).item<double>(),
                2 * (1 + 1 + std::sqrt(2.0)) / 3,
                1e-12);
}

TEST(SurfaceLosses, GradientsAreRight) {
    const at::Tensor target = random({2, 4, 3}, 4), faces = square_faces();
    for (const Distance distance : kDistances) {
        EXPECT_EQ(gradient_faults(random({2, 4, 3}, 5),
                                  [&](const at::Tensor& x) {
                                      return smoothness_loss(x, target, faces, distance).sum();
                                  }),
                  "");
        EXPECT_EQ(gradient_faults(random({2, 4, 3}, 6),
                                  [&](const at::Tensor& x) {
                                      return edge_loss(x, target, faces, distance).sum();
                                  }),
                  "");
    }
}

TEST(Projection, GradientsAreRight) {
    const at::Tensor points = random({2, 4, 3}, 7), weights = random({2, 4, 2}, 8);
    EXPECT_EQ(gradient_faults(random({2, 3}, 9),
                              [&](const at::Tensor& camera) {
                                  return (project(points, camera) * weights).sum();
                              }),
              "");
    const at::Tensor camera = at::tensor({0.5, 0.1, -0.2}, at::kDouble).view({1, 3});
    const at::Tensor projected =
        project(at::tensor({0.3, 0.4, 9.0}, at::kDouble).view({1, 1, 3}), camera);
    EXPECT_DOUBLE_EQ(projected[0][0][0].item<double>(), 0.3 + 0.1);
    EXPECT_DOUBLE_EQ(projected[0][0][1].item<double>(), 0.4 - 0.2);
}

at::Tensor some_parts() {
    return at::tensor(std::vector<std::int64_t>{0, 2, kUnknownPart, 1, 1, 0, 2, 2}).view({2, 2, 2});
}

TEST(MapLosses, ValuesAreTheFormulas) {
    const at::Tensor parts = some_parts();
    at::Tensor logits = at::zeros({2, 3, 2, 2}, at::kDouble);
    EXPECT_NEAR(parts_loss(logits, parts).item<double>(), std::log(3.0), 1e-12);
    logits[0][0][0][0] = 2; // the first pixel's part, and it is right
    EXPECT_NEAR(parts_loss(logits, parts).item<double>(),
                (6 * std::log(3.0) + std::log(2 + std::exp(2.0)) - 2) / 7,
                1e-12);
    logits[0][1][1][0] = 9; // of the pixel whose part is not known
    EXPECT_NEAR(parts_loss(logits, parts).item<double>(),
                (6 * std::log(3.0) + std::log(2 + std::exp(2.0)) - 2) / 7,
                1e-12);
    const at::Tensor depth = at::zeros({2, 2, 2}, at::kDouble);
    const at::Tensor target = at::arange(8, at::kDouble).view({2, 2, 2});
    EXPECT_NEAR(
        part_depth_loss(depth, target, parts).item<double>(), (1 + 3 + 4 + 6 + 7) / 5.0, 1e-12);
    const at::Tensor unknown = at::full_like(parts, kUnknownPart);
    EXPECT_EQ(parts_loss(logits, unknown).item<double>(), 0);
    EXPECT_EQ(part_depth_loss(depth, target, unknown).item<double>(), 0);
}

TEST(MapLosses, GradientsAreRight) {
    const at::Tensor parts = some_parts();
    EXPECT_EQ(gradient_faults(random({2, 3, 2, 2}, 61),
                              [&](const at::Tensor& x) { return parts_loss(x, parts); }),
              "");
    const at::Tensor target = random({2, 2, 2}, 62);
    EXPECT_EQ(
        gradient_faults(random({2, 2, 2}, 63),
                        [&](const at::Tensor& x) { return part_depth_loss(x, target, parts); }),
        "");
}

/// A batch of two: in the second the left hand is missing.
TrainingBatch batch_of_two(int vertices) {
    TrainingBatch batch = make_batch({2, 32, vertices, 2});
    std::ranges::fill(batch.depth, 0.7f);
    Rng rng(9, 0, "batch");
    for (std::size_t hand = 0; hand < 2; ++hand) {
        BatchHand& to = batch.hands[hand];
        to.has_hand = to.has_vertices = {1, hand == 0 ? 1.0f : 0.0f};
        for (std::vector<float>* values :
             {&to.vertices_in_cam, &to.joints_in_cam, &to.vertices_px, &to.joints_px}) {
            for (float& value : *values) {
                value = static_cast<float>(rng.normal());
            }
        }
        std::fill(to.joint_valid.begin(), to.joint_valid.end(), 1.0f);
        to.joint_valid[5] = 0;
    }
    return batch;
}

TEST(Targets, AreCentredAndScaled) {
    const TrainingBatch batch = batch_of_two(30);
    const auto targets = make_targets(batch, {.bone_length_m = 0.095}, at::kCPU);
    // Origin: the left middle MCP, the right one's where there is no left hand.
    EXPECT_LT(targets.hands[1].joints[0][9].norm().item<float>(), 1e-6);
    EXPECT_GT(targets.hands[0].joints[0][9].norm().item<float>(), 1e-3);
    EXPECT_LT(targets.hands[0].joints[1][9].norm().item<float>(), 1e-6);
    const auto bone = [&](std::size_t hand, int sample) {
        const at::Tensor joints = targets.hands[hand].joints[sample];
        return (joints[9] - joints[0]).norm().item<double>();
    };
    EXPECT_NEAR((bone(0, 0) + bone(1, 0)) / 2, 0.095, 1e-6);
    EXPECT_NEAR(bone(0, 1), 0.095, 1e-6);
    // One scale for both hands, and the same for vertices.
    const auto plain = make_targets(batch, {}, at::kCPU);
    const at::Tensor ratio = targets.hands[0].vertices / plain.hands[0].vertices;
    EXPECT_NEAR(ratio[0].min().item<double>(), ratio[0].max().item<double>(), 1e-5);
    // Depth is in the same frame.
    const double depth = plain.depth[1][0][1].item<double>();
    EXPECT_NEAR(depth, 0.7 - batch.hands[0].joints_in_cam[(21 + 9) * 3 + 2], 1e-6);
    EXPECT_NEAR(
        targets.depth[1][0][1].item<double>(), depth * ratio[1].mean().item<double>(), 1e-5);
    EXPECT_NEAR(plain.hands[0].joints_2d[0][3][1].item<double>(),
                batch.hands[0].joints_px[7] / 16.0 - 1,
                1e-6);
}

/// All terms, so that each is in the sum.
LossOptions every_term(const std::string& distance) {
    return {.distance_3d = distance,
            .distance_2d = distance,
            .edges = 7,
            .coarse_vertices_3d = 20,
            .coarse_vertices_2d = 10};
}

class TotalLoss : public ::testing::Test {
  protected:
    TotalLoss() : geometry_(hands_geometry(make_test_hand_pair(), 8)) {
        operators_ = hand_operators(geometry_, at::kCPU);
        targets_ = make_targets(batch_of_two(geometry_.vertex_count()), {}, at::kCPU);
        for (std::size_t hand = 0; hand < 2; ++hand) {
            operators_[hand].joints = operators_[hand].joints.to(at::kDouble);
            operators_[hand].fine_from_vertices =
                operators_[hand].fine_from_vertices.to(at::kDouble);
            HandTarget& target = targets_.hands[hand];
            for (at::Tensor* tensor : {&target.vertices,
                                       &target.joints,
                                       &target.vertices_2d,
                                       &target.joints_2d,
                                       &target.has_joints,
                                       &target.has_vertices,
                                       &target.joint_valid}) {
                *tensor = tensor->to(at::kDouble);
            }
            outputs_.hands[hand] = {random({2, geometry_.vertex_count(), 3}, 10 + hand),
                                    random({2, 32, 3}, 20 + hand),
                                    random({2, 3}, 30 + hand)};
        }
    }
    double total(const LossOptions& options, std::uint64_t epoch = 0) const {
        return training_loss(outputs_, targets_, operators_, options, epoch).total.item<double>();
    }

    HandsGeometry geometry_;
    std::array<HandOperators, 2> operators_;
    Targets targets_;
    NetOutputs outputs_;
};

TEST_F(TotalLoss, GradientsAreRight) {
    for (const char* distance : {"l1", "smooth-l1", "squared"}) {
        const LossOptions options = every_term(distance);
        for (std::size_t hand = 0; hand < 2; ++hand) {
            for (at::Tensor HandOutput::* part : {&HandOutput::fine, &HandOutput::camera}) {
                EXPECT_EQ(
                    gradient_faults(
                        outputs_.hands[hand].*part,
                        [&](const at::Tensor& x) {
                            NetOutputs moved = outputs_;
                            moved.hands[hand].*part = x;
                            return training_loss(moved, targets_, operators_, options, 0).total;
                        },
                        {.step = 1e-6, .tolerance = 1e-5, .floor = 1e-6}),
                    "")
                    << distance << ", hand " << hand;
            }
            // Of the vertices the derivative along a few random directions.
            const at::Tensor direction =
                random({6, 2, geometry_.vertex_count(), 3}, 40 + hand, 0.01);
            EXPECT_EQ(gradient_faults(
                          at::zeros({6}, at::kDouble),
                          [&](const at::Tensor& x) {
                              NetOutputs moved = outputs_;
                              moved.hands[hand].vertices = outputs_.hands[hand].vertices +
                                                           at::tensordot(x, direction, {0}, {0});
                              return training_loss(moved, targets_, operators_, options, 0).total;
                          },
                          {.step = 1e-5, .tolerance = 1e-5, .floor = 1e-6}),
                      "")
                << distance << ", hand " << hand;
        }
    }
}

TEST_F(TotalLoss, IsTheWeightedSumOfItsTermsAndNothingOfAMissingHand) {
    const LossOptions options = every_term("l1");
    const TrainingLoss loss = training_loss(outputs_, targets_, operators_, options, 0);
    EXPECT_EQ(loss.terms.size(), 8u);
    double sum = 0;
    for (const auto& [name, term] : loss.terms) {
        sum += term.item<double>();
    }
    EXPECT_NEAR(sum, loss.total.item<double>(), 1e-9);
    // By hand: joints in 3D alone. The right hand counts twice, the left one once.
    LossOptions joints{
        .vertices_3d = 0, .joints_3d = 8, .vertices_2d = 0, .joints_2d = 0, .smooth = 0};
    double by_hand = 0;
    for (std::size_t hand = 0; hand < 2; ++hand) {
        const at::Tensor each =
            (at::matmul(operators_[hand].joints, outputs_.hands[hand].vertices) -
             targets_.hands[hand].joints)
                .abs()
                .mean(2); // [2, 21]
        const auto of = [&](int sample) {
            const double all = each[sample].sum().item<double>();
            return sample == 0 ? (all - each[0][5].item<double>()) / 20 : all / 21;
        };
        by_hand += 8 * (hand == 0 ? (of(0) + of(1)) / 2 : of(0)) / 2;
    }
    EXPECT_NEAR(total(joints), by_hand, 1e-9);
    const double before = total(options);
    outputs_.hands[1].vertices = outputs_.hands[1].vertices.clone();
    outputs_.hands[1].vertices[1] += 5; // of the hand that is not there
    EXPECT_EQ(total(options), before);
}

TEST_F(TotalLoss, EdgesWaitForTheirEpoch) {
    LossOptions options{.edges = 2000, .edges_from_epoch = 50};
    EXPECT_EQ(total(options, 49), total({}));
    EXPECT_GT(total(options, 50), total({}));
}

} // namespace
} // namespace rih::learn
