// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/base/temp_folder.h"
#include "renderih/image/codecs.h"
#include "renderih/learn/checkpoint/safetensors.h"
#include "renderih/learn/evaluation/evaluate.h"
#include "renderih/learn/predict/predict.h"
#include "renderih/learn/testing/hand_dataset.h"
#include "renderih/learn/testing/small_net.h"
#include "renderih/learn/train/net_checkpoint.h"
#include "renderih/learn/train/train.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace rih::learn {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class Training : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        data_ = new TempFolder;
        make_hand_dataset(data_->path() / "set", {.seed = 3, .poses = 20}, make_test_hand_pair());
    }
    static void TearDownTestSuite() { delete data_; }

    TrainRequest request(const std::string& out) const {
        TrainRequest request;
        request.options.batch = 4;
        request.options.steps = 12;
        request.options.log_every = 1;
        request.options.evaluate_every = 6;
        request.options.threads = 2;
        request.options.schedule.learning_rate = 1e-3;
        request.options.net = small_net_options();
        request.options.loss.parts = 1;
        request.options.loss.depth = 1;
        request.sources = {{data_->path() / "set", make_test_hand_pair()}};
        request.out = folder_.path() / out;
        return request;
    }
    std::string text(const std::string& file) const {
        return read_text_file(folder_.path() / file, 1 << 20);
    }

    static TempFolder* data_;
    TempFolder folder_;
};
TempFolder* Training::data_ = nullptr;

TEST_F(Training, ResumedRunsHaveTheLossesOfWholeOnes) {
    for (const bool bfloat16 : {false, true}) {
        const std::string name = bfloat16 ? "bf16 " : "";
        TrainRequest whole = request(name + "whole");
        whole.options.bfloat16 = bfloat16;
        whole.options.accumulate = 2;
        whole.options.schedule.decay = "cosine";
        whole.options.checkpoint_every = 5;
        const TrainResult result = train(whole);
        EXPECT_EQ(result.step, 12u);
        EXPECT_FALSE(result.was_finished);
        EXPECT_GT(result.mpjpe_mm, 0);

        // Stopped after step 7 by a loss that is not logged: the checkpoint is that of step 5.
        TrainRequest cut = whole;
        cut.out = folder_.path() / (name + "cut");
        cut.stop_after_steps = 7;
        EXPECT_EQ(train(cut).step, 7u);
        cut.stop_after_steps = 0;
        EXPECT_EQ(train(cut).step, 12u);
        const std::string losses = text(name + "whole/loss.csv");
        EXPECT_EQ(std::ranges::count(losses, '\n'), 13);
        EXPECT_EQ(text(name + "cut/loss.csv"), losses);
        const std::string metrics = text(name + "whole/metrics.csv");
        EXPECT_EQ(std::ranges::count(metrics, '\n'), 3);
        const auto without_seconds = [](const std::string& table) {
            std::string result_text;
            std::size_t column = 0;
            for (const char c : table) {
                column = c == '\n' ? 0 : column + (c == ',' ? 1 : 0);
                result_text += column == 2 ? std::string() : std::string(1, c);
            }
            return result_text;
        };
        EXPECT_EQ(without_seconds(text(name + "cut/metrics.csv")), without_seconds(metrics));
    }
}

TEST_F(Training, AFinishedRunIsLeftAlone) {
    TrainRequest once = request("run");
    once.options.steps = 2;
    train(once);
    const auto before = std::filesystem::last_write_time(once.out / "checkpoint.safetensors");
    EXPECT_TRUE(train(once).was_finished);
    EXPECT_EQ(std::filesystem::last_write_time(once.out / "checkpoint.safetensors"), before);
    TrainRequest other = once;
    other.options.seed = 5;
    EXPECT_THAT([&] { train(other); }, ThrowsMessage<UserError>(HasSubstr("other options")));
}

TEST_F(Training, StopsBeforeANotFiniteStepSpoilsAnything) {
    TrainRequest wild = request("run");
    wild.options.steps = 300;
    wild.options.checkpoint_every = 1;
    wild.options.evaluate_every = 300;
    // Decay by -1.2 a step: the weights grow until something overflows.
    wild.options.schedule.learning_rate = 0.25;
    wild.options.weight_decay = 8.8;
    EXPECT_THAT([&] { train(wild); }, ThrowsMessage<UserError>(HasSubstr("not finite")));
    const Safetensors file = Safetensors::read(wild.out / "checkpoint.safetensors");
    EXPECT_GT(checkpoint_info(file).step, 10u);
    NetRunner runner = small_runner();
    load_weights(file, runner.net()); // which refuses what is not finite
}

TEST_F(Training, BeginsWithTheWeightsGiven) {
    TrainRequest first = request("first");
    train(first);
    TrainRequest second = request("second");
    second.options.schedule.learning_rate = 1e-9;
    second.options.steps = 1;
    second.init = first.out / "checkpoint.safetensors";
    train(second);
    const Safetensors a = Safetensors::read(*second.init);
    const Safetensors b = Safetensors::read(second.out / "checkpoint.safetensors");
    const auto first_number = [](const Safetensors& file) {
        float value = 0;
        std::memcpy(&value, file.tensor("net.camera.weight").bytes.data(), 4);
        return value;
    };
    EXPECT_NEAR(first_number(a), first_number(b), 1e-7);
    EXPECT_EQ(checkpoint_info(b).step, 1u);
}

// A set may be there to learn from alone: the run is judged on the other one.
TEST_F(Training, SetsWithNothingToJudgeAreTrainedOn) {
    make_hand_dataset(folder_.path() / "more",
                      {.seed = 4, .poses = 3, .split_fractions = {1, 0, 0}},
                      make_test_hand_pair());
    ASSERT_FALSE(has_records(folder_.path() / "more", Split::Val));
    TrainRequest both = request("both");
    both.sources.push_back({folder_.path() / "more", make_test_hand_pair()});
    EXPECT_GT(train(both).mpjpe_mm, 0);
    TrainRequest alone = request("alone");
    alone.sources = {both.sources.back()};
    EXPECT_THAT([&] { train(alone); }, ThrowsMessage<UserError>(HasSubstr("of the split val")));
}

TEST_F(Training, LearnsAHandfulOfPictures) {
    TrainRequest all = request("run");
    all.options.steps = 300;
    all.options.batch = 8;
    all.options.augment = false;
    all.options.loss = {}; // of the hands alone
    all.options.evaluate_every = 75;
    all.options.log_every = 10;
    all.options.evaluation_split = "train";
    all.options.net.dropout = 0;
    all.options.schedule.learning_rate = 3e-3;
    const TrainResult result = train(all);
    const std::string losses = text("run/loss.csv");
    const auto loss_of = [&](int step) {
        const std::size_t row = losses.find(fmt::format("\n{},", step));
        return std::stod(losses.substr(losses.find(',', row) + 1));
    };
    EXPECT_LT(loss_of(300), 0.6 * loss_of(10));
    EXPECT_EQ(result.best_mpjpe_mm, result.mpjpe_mm);
    EXPECT_TRUE(std::filesystem::exists(all.out / "predictions" / "00000300.png"));

    // What the checkpoint says of the data set is what the run's last evaluation said.
    const RecordSource source(data_->path() / "set", make_test_hand_pair(), Split::Train);
    const PredictionSet predictions = predict_dataset(
        {.checkpoint = all.out / "best.safetensors", .source = &source, .batch = 5});
    const EvaluationReport report =
        evaluate(source, predictions, {.protocols = {protocol_of_name("P2")}});
    EXPECT_NEAR(report.protocols[0].groups[0].of(Measure::Mpjpe).mean(), result.mpjpe_mm, 1e-2);
}

TEST_F(Training, PredictsPicturesOfAnySize) {
    TrainRequest once = request("run");
    once.options.steps = 2;
    train(once);
    const std::filesystem::path image = folder_.path() / "wide.png";
    Image8 picture(90, 50, 3, 70);
    write_file_atomically(image, encode_png(picture));
    PredictRequest request;
    request.checkpoint = once.out / "checkpoint.safetensors";
    request.hands = make_test_hand_pair();
    request.images = {image};
    request.out = folder_.path() / "out";
    predict(request);
    const auto json = nlohmann::json::parse(text("out/wide.json"));
    EXPECT_EQ(json["unit"], "m");
    EXPECT_EQ(json["hands"]["left"]["joints"].size(), 21u);
    EXPECT_NEAR(json["hands"]["left"]["joints"][9][0], 0, 1);
    const Bytes overlay = read_file(request.out / "wide.overlay.png", 1 << 20);
    EXPECT_EQ(decode_png8(overlay, "overlay").width(), 90);
    EXPECT_THAT(text("out/wide.right.obj"), HasSubstr("\nf "));

    request.box = {10, 10, 100, 20};
    EXPECT_THAT([&] { predict(request); }, ThrowsMessage<UserError>(HasSubstr("does not lie in")));
    request.box.reset();
    request.images.push_back(folder_.path() / "wide.jpg");
    EXPECT_THAT([&] { predict(request); }, ThrowsMessage<UserError>(HasSubstr("one name")));
    request.images = {folder_.path() / "none.png"};
    EXPECT_THROW(predict(request), UserError);
    request.hands.hands[1].template_vertices *= 1.01;
    EXPECT_THAT([&] { predict(request); }, ThrowsMessage<UserError>(HasSubstr("other hands")));
}

} // namespace
} // namespace rih::learn
