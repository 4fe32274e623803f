// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/train/net_checkpoint.h"

#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"
#include "renderih/base/testing/mutate.h"
#include "renderih/learn/testing/small_net.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ATen.h>

namespace rih::learn {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class Checkpoint : public ::testing::Test {
  protected:
    CheckpointInfo info_of(const NetRunner& runner) const {
        CheckpointInfo info;
        info.options.net = small_net_options();
        info.step = 7;
        info.seconds = 1.5;
        set_hands(info, runner.geometry());
        return info;
    }
    /// One step on something, so that Adam has a state.
    static void move(NetRunner& runner, Adam& adam) {
        adam.zero_gradients();
        const std::vector<float> image(2 * 3 * 64 * 64, 0.3f);
        runner.forward(image, 2).hands[0].vertices.square().sum().backward();
        adam.step(1e-3);
    }

    TempFolder folder_;
    std::filesystem::path path_ = folder_.path() / "checkpoint.safetensors";
};

TEST_F(Checkpoint, BringsEverythingBack) {
    NetRunner first = small_runner();
    Adam adam(first.net().parameters(), {});
    move(first, adam);
    save_checkpoint(path_, first.net(), &adam, info_of(first));
    const at::Tensor drawn = at::rand({8}); // what the saved random state gives next

    NetRunner second = small_runner(small_net_options(), 99);
    Adam other(second.net().parameters(), {});
    const Safetensors file = Safetensors::read(path_);
    const CheckpointInfo info = checkpoint_info(file);
    EXPECT_EQ(info.step, 7u);
    EXPECT_EQ(info.seconds, 1.5);
    EXPECT_TRUE(std::isinf(info.best_mpjpe_mm));
    EXPECT_EQ(info.options.net.features, small_net_options().features);
    require_hands(info, second.geometry(), "f");
    load_weights(file, second.net());
    load_training_state(file, second.net(), other);
    EXPECT_TRUE(at::equal(at::rand({8}), drawn));
    EXPECT_EQ(other.steps(), 7);
    const auto expected = first.net().named_parameters();
    for (const auto& parameter : second.net().named_parameters()) {
        EXPECT_TRUE(at::equal(parameter.value(), expected[parameter.key()])) << parameter.key();
    }
    for (std::size_t i = 0; i < adam.first_moments().size(); ++i) {
        EXPECT_TRUE(at::equal(adam.first_moments()[i], other.first_moments()[i]));
        EXPECT_TRUE(at::equal(adam.second_moments()[i], other.second_moments()[i]));
    }
    const std::vector<float> image(3 * 64 * 64, 0.7f);
    EXPECT_TRUE(at::equal(first.predict(image, 1).hands[0].vertices,
                          second.predict(image, 1).hands[0].vertices));
}

TEST_F(Checkpoint, ANotFiniteWeightLeavesTheFileAsItWas) {
    NetRunner runner = small_runner();
    save_checkpoint(path_, runner.net(), nullptr, info_of(runner));
    const Bytes before = read_file(path_, 1 << 26);
    {
        const at::NoGradGuard no_grad;
        runner.net().named_parameters()["coordinates.bias"][1] = std::nanf("");
    }
    EXPECT_THAT([&] { save_checkpoint(path_, runner.net(), nullptr, info_of(runner)); },
                ThrowsMessage<UserError>(HasSubstr("coordinates.bias are not finite")));
    EXPECT_EQ(read_file(path_, 1 << 26), before);
}

TEST_F(Checkpoint, OfOtherHandsIsRefused) {
    NetRunner runner = small_runner();
    save_checkpoint(path_, runner.net(), nullptr, info_of(runner));
    const CheckpointInfo info = checkpoint_info(Safetensors::read(path_));
    HandPair hands = make_test_hand_pair();
    hands.hands[0].template_vertices(3, 1) += 1e-3;
    EXPECT_THAT([&] { require_hands(info, hands_geometry(hands, 8), "the file"); },
                ThrowsMessage<UserError>(HasSubstr("the file: was trained on other hands")));
    CheckpointInfo other_tree = info;
    other_tree.trees_sha256[0] ^= 1;
    EXPECT_THROW(require_hands(other_tree, runner.geometry(), "the file"), UserError);
}

TEST_F(Checkpoint, OfAnotherNetworkIsRefused) {
    NetRunner runner = small_runner();
    save_checkpoint(path_, runner.net(), nullptr, info_of(runner));
    const Safetensors file = Safetensors::read(path_);
    NetOptions wider = small_net_options();
    wider.image_features = 16;
    EXPECT_THROW(load_weights(file, small_runner(wider).net()), UserError);
    NetOptions baseline = small_net_options();
    baseline.correlation = false; // knows all its weights, and fewer than the file has
    EXPECT_THAT([&] { load_weights(file, small_runner(baseline).net()); },
                ThrowsMessage<UserError>(HasSubstr("arrays of a network")));
    // Weights alone are no run to go on with.
    Adam adam(runner.net().parameters(), {});
    EXPECT_THROW(load_training_state(file, runner.net(), adam), UserError);
}

TEST_F(Checkpoint, DamagedFilesAreRefusedOrHarmless) {
    NetRunner runner = small_runner();
    save_checkpoint(path_, runner.net(), nullptr, info_of(runner));
    const Bytes whole = read_file(path_, 1 << 26);
    int refused = 0;
    for (std::uint64_t i = 0; i < 150; ++i) {
        try {
            const Safetensors file = Safetensors::parse(mutate(whole, i), "damaged");
            require_hands(checkpoint_info(file), runner.geometry(), "damaged");
            load_weights(file, runner.net());
        } catch (const UserError&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 75);
}

TEST_F(Checkpoint, EncoderWeightsOfTorchvisionAreTakenOver) {
    const std::shared_ptr<Encoder> source = make_encoder("small"), target = make_encoder("small");
    std::map<std::string, TensorView> views;
    std::vector<at::Tensor> kept;
    const auto add = [&](const std::string& name, const at::Tensor& tensor) {
        kept.push_back(tensor.detach().contiguous());
        views[name] = {
            TensorType::F32,
            tensor.sizes().vec(),
            {static_cast<const std::uint8_t*>(kept.back().const_data_ptr()), kept.back().nbytes()}};
    };
    for (const auto& parameter : source->named_parameters()) {
        add(parameter.key(), parameter.value());
    }
    for (const auto& buffer : source->named_buffers()) {
        if (!buffer.key().ends_with("num_batches_tracked")) {
            add(buffer.key(), buffer.value() + 0.25);
        }
    }
    add("fc.weight", at::rand({10, 4})); // a classifier, which is left out
    write_safetensors(path_, views, {});
    load_encoder_weights(Safetensors::read(path_), *target);
    const auto expected = source->named_parameters();
    for (const auto& parameter : target->named_parameters()) {
        EXPECT_TRUE(at::equal(parameter.value(), expected[parameter.key()])) << parameter.key();
    }
    EXPECT_EQ(target->named_buffers()["bn1.running_mean"][0].item<float>(), 0.25f);
    views.erase("layer1.0.conv1.weight");
    write_safetensors(path_, views, {});
    EXPECT_THAT([&] { load_encoder_weights(Safetensors::read(path_), *target); },
                ThrowsMessage<UserError>(HasSubstr("layer1.0.conv1.weight")));
}

} // namespace
} // namespace rih::learn
