// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/net/hand_net.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/testing/mano_like.h"
#include "renderih/learn/net/tensors.h"
#include "renderih/learn/testing/small_net.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <cstdlib>
#include <map>
#include <set>

namespace rih::learn {
namespace {

/// Both hands with MANO's number of vertices.
const HandsGeometry& mano_like_geometry() {
    static const HandsGeometry geometry = [] {
        const std::filesystem::path assets = std::getenv("RENDERIH_ASSETS");
        HandPair hands;
        hands.hands[0] = make_mano_like(load_hand(assets / "hand/right.npz", Side::Right)).hand;
        hands.hands[1] = mirror(hands.hands[0]);
        return hands_geometry(hands, 63);
    }();
    return geometry;
}

std::map<std::string, std::int64_t> counts_of(const NetOptions& options) {
    const auto counts = HandNet(options, mano_like_geometry()).parameter_counts();
    return {counts.begin(), counts.end()};
}

TEST(HandNet, HasThePapersSizes) {
    const auto counts = counts_of({});
    EXPECT_EQ(counts.at("encoder"), 23508032); // ResNet-50 without its classifier
    // 1x1 convolutions to 256 features and their norms, of the three maps that are used.
    EXPECT_EQ(counts.at("1x1 laterals"), (2048 + 1024 + 512) * 256 + 3 * 512);
    EXPECT_EQ(counts.at("vertex features"), 2 * (2048 * 509 + 509 + 2 * 509));
    EXPECT_EQ(counts.at("block 1"), 5085696); // 5.09 M
    EXPECT_EQ(counts.at("block 2"), 1543168); // 1.54 M
    EXPECT_NEAR(double(counts.at("block 3")), 0.88e6, 0.005e6);
    EXPECT_EQ(counts.at("heads"), 2 * (64 * 3 + 3) + 252 + 1);
    std::int64_t sum = 0;
    for (const auto& [name, count] : counts) {
        sum += name == "all" ? 0 : count;
    }
    EXPECT_EQ(sum, counts.at("all"));

    NetOptions baseline;
    baseline.correlation = false;
    // Table 4's baseline: 34.28 M - 32.5 M of the correlation encoders.
    EXPECT_NEAR(double(counts.at("all") - counts_of(baseline).at("all")), 1.74e6, 0.01e6);
}

TEST(HandNet, ShapesOfThePapersNetwork) {
    HandNet net({}, mano_like_geometry());
    const at::NoGradGuard no_grad;
    net.eval();
    const NetOutputs outputs = net.forward(at::rand({1, 3, 256, 256}));
    EXPECT_FALSE(outputs.maps.has_value());
    for (const HandOutput& hand : outputs.hands) {
        EXPECT_EQ(hand.vertices.sizes(), (std::vector<std::int64_t>{1, 778, 3}));
        EXPECT_EQ(hand.fine.sizes(), (std::vector<std::int64_t>{1, 252, 3}));
        EXPECT_EQ(hand.camera.sizes(), (std::vector<std::int64_t>{1, 3}));
        EXPECT_TRUE(at::isfinite(hand.vertices).all().item<bool>());
        // It starts near the origin: a hand, not a room.
        EXPECT_LT(hand.vertices.abs().max().item<float>(), 2);
    }
}

TEST(HandNet, EncoderHasTorchvisionsNames) {
    const std::shared_ptr<Encoder> encoder = make_encoder("resnet50");
    std::map<std::string, std::vector<std::int64_t>> shapes;
    for (const auto& parameter : encoder->named_parameters()) {
        shapes[parameter.key()] = parameter.value().sizes().vec();
    }
    for (const auto& buffer : encoder->named_buffers()) {
        shapes[buffer.key()] = buffer.value().sizes().vec();
    }
    EXPECT_EQ(shapes.size(), 318u); // 320 of the state dictionary without fc.weight, fc.bias
    EXPECT_EQ(shapes.at("conv1.weight"), (std::vector<std::int64_t>{64, 3, 7, 7}));
    EXPECT_EQ(shapes.at("layer1.0.downsample.0.weight"),
              (std::vector<std::int64_t>{256, 64, 1, 1}));
    EXPECT_EQ(shapes.at("layer1.0.downsample.1.running_var"), (std::vector<std::int64_t>{256}));
    EXPECT_EQ(shapes.at("layer4.2.conv3.weight"), (std::vector<std::int64_t>{2048, 512, 1, 1}));
    EXPECT_EQ(shapes.at("layer3.5.bn2.num_batches_tracked"), (std::vector<std::int64_t>{}));
}

TEST(HandNet, VerticesComeFromTheFineMeshByTheTree) {
    NetRunner runner = small_runner();
    const std::vector<float> image(3 * 64 * 64, 0.5f);
    const NetOutputs outputs = runner.predict(image, 1);
    for (std::size_t hand = 0; hand < 2; ++hand) {
        const HandGeometry& geometry = runner.geometry().hands[hand];
        const std::vector<float> fine = floats_of(outputs.hands[hand].fine);
        const auto rows =
            Eigen::Map<const Eigen::Matrix<float, -1, 3, Eigen::RowMajor>>(fine.data(), 32, 3);
        const Points expected = geometry.vertices_from_fine * rows.cast<double>();
        const std::vector<float> vertices = floats_of(outputs.hands[hand].vertices);
        ASSERT_EQ(std::ssize(vertices), expected.size());
        for (Eigen::Index i = 0; i < expected.size(); ++i) {
            EXPECT_NEAR(vertices[static_cast<std::size_t>(i)], expected.data()[i], 1e-5);
        }
    }
}

/// Names of the parameters that the right hand's vertices depend on.
std::set<std::string> parameters_of_right_hand(const NetOptions& options) {
    NetRunner runner = small_runner(options);
    Rng rng(1, 0, "picture");
    std::vector<float> image(2 * 3 * 64 * 64);
    for (float& value : image) {
        value = rng.uniform_float();
    }
    runner.forward(image, 2).hands[0].vertices.square().sum().backward();
    std::set<std::string> names;
    for (const auto& parameter : runner.net().named_parameters()) {
        if (parameter.value().grad().defined() &&
            parameter.value().grad().abs().max().item<float>() > 0) {
            names.insert(parameter.key());
        }
    }
    return names;
}

TEST(HandNet, HandsSeeEachOtherThroughTheCorrelationEncoderOnly) {
    NetOptions options = small_net_options();
    options.dropout = 0;
    const std::set<std::string> with = parameters_of_right_hand(options);
    EXPECT_TRUE(with.contains("left_global.weight"));
    EXPECT_TRUE(with.contains("block2.left_layer3.linear2.weight"));
    EXPECT_TRUE(with.contains("block0.correlation.attention.query.weight"));
    options.correlation = false;
    const std::set<std::string> without = parameters_of_right_hand(options);
    EXPECT_FALSE(without.contains("left_global.weight"));
    EXPECT_FALSE(without.contains("block2.left_layer3.linear2.weight"));
    EXPECT_TRUE(without.contains("right_global.weight"));
}

TEST(HandNet, EveryWeightIsUsed) {
    NetRunner runner = small_runner();
    Rng rng(1, 0, "picture");
    std::vector<float> image(2 * 3 * 64 * 64);
    for (float& value : image) {
        value = rng.uniform_float();
    }
    const NetOutputs outputs = runner.forward(image, 2);
    at::Tensor sum = at::zeros({});
    for (const HandOutput& hand : outputs.hands) {
        sum = sum + hand.vertices.square().sum() + hand.camera.square().sum();
    }
    sum.backward();
    for (const auto& parameter : runner.net().named_parameters()) {
        EXPECT_TRUE(parameter.value().grad().defined()) << parameter.key();
    }
}

TEST(HandNet, PredictionIsARepeatableFunctionOfThePicture) {
    NetRunner runner = small_runner();
    std::vector<float> image(2 * 3 * 64 * 64, 0.2f);
    std::fill(image.begin() + 3 * 64 * 64, image.end(), 0.9f);
    runner.net().train();
    const at::Tensor both = runner.predict(image, 2).hands[1].vertices;
    EXPECT_TRUE(at::equal(both, runner.predict(image, 2).hands[1].vertices));
    EXPECT_TRUE(runner.net().is_training());
    // A picture's prediction does not depend on the others in its batch.
    image.resize(3 * 64 * 64);
    EXPECT_TRUE(at::allclose(both[0], runner.predict(image, 1).hands[1].vertices[0], 1e-4, 1e-6));
}

TEST(HandNet, RefusesHandsThatAreTooSmall) {
    EXPECT_THROW(hands_geometry(make_test_hand_pair(), 100000), UserError);
    HandPair mixed = make_test_hand_pair();
    mixed.hands[1] = mirror(load_hand(
        std::filesystem::path(std::getenv("RENDERIH_ASSETS")) / "hand/right.npz", Side::Right));
    EXPECT_THROW(hands_geometry(mixed, 8), UserError);
}

} // namespace
} // namespace rih::learn
