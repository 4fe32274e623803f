// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/neural_annot.h"

#include "renderih/base/error.h"
#include "renderih/base/npz.h"
#include "renderih/base/temp_folder.h"
#include "renderih/base/testing/mutate.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/math/rotation.h"
#include "renderih/posing/anchors.h"
#include "renderih/posing/sources/testing/temp_assets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace rih {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// The test hand with the ten shape directions and the mean pose that MANO has.
HandPair mano_like_hands() {
    HandModel right = make_test_hand();
    const MatX own = right.shape_dirs;
    right.shape_dirs = MatX::Zero(own.rows(), 10);
    right.shape_dirs.leftCols(own.cols()) = own;
    HandPair hands{{right, mirror(right)}};
    for (std::size_t s = 0; s < 2; ++s) {
        hands.hands[s].hands_mean = VecX::LinSpaced(45, 0.01, 0.45) * (s == 0 ? 1.0 : -1.0);
    }
    return hands;
}

json hand_of(double value, const Vec3& trans, double size = 0.5) {
    std::vector<double> pose(48, 0.0);
    pose[1] = value;       // wrist
    pose[3 + 3 * 4] = 0.1; // a finger joint
    return {{"pose", pose},
            {"shape", std::vector<double>{size, -0.5, 0, 0, 0, 0, 0, 0, 0, 0}},
            {"trans", {trans.x(), trans.y(), trans.z()}}};
}

/// Capture -> frame -> hands, as published: keys are numbers as text, absent hands null.
json annotation() {
    json file;
    file["0"]["18256"] = {{"right", hand_of(0.3, {0.1, 0.2, 0.9})},
                          {"left", hand_of(-0.3, {-0.1, 0.2, 0.9}, 0.9)}}; // annotated apart
    file["0"]["18259"] = {{"right", hand_of(0.3, {0.1, 0.2, 0.9})}, {"left", nullptr}};
    file["0"]["18262"] = file["0"]["18256"]; // exact repetition
    file["5"]["7"] = {{"right", hand_of(0.9, {0.1, 0.25, 0.9})},
                      {"left", hand_of(-0.2, {-0.15, 0.1, 1.0})}};
    file["5"]["8"] = {{"right", hand_of(0.901, {0.1, 0.25, 0.9})}, // nearly the one before
                      {"left", hand_of(-0.2, {-0.15, 0.1, 1.0})}};
    return file;
}

std::filesystem::path write(const TempFolder& folder, const std::string& text) {
    const auto path = folder.path() / "InterHand2.6M_test_MANO_NeuralAnnot.json";
    write_file_atomically(path, std::string_view(text));
    return path;
}

std::string error_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

TEST(NeuralAnnot, KeepsFramesWithBothHandsOnce) {
    const TempFolder folder;
    const auto pairs = parse_neural_annot(write(folder, annotation().dump()));
    ASSERT_EQ(pairs.size(), 3u);
    EXPECT_EQ(pairs[0].id, "0/18256");
    EXPECT_EQ(pairs[1].id, "5/7");
    EXPECT_FLOAT_EQ(pairs[0].hands[0].axis_angle[0].y(), 0.3f);
    EXPECT_FLOAT_EQ(pairs[0].hands[1].axis_angle[0].y(), -0.3f);
    EXPECT_FLOAT_EQ(pairs[0].hands[0].axis_angle[5].x() - pairs[0].hands[0].axis_angle[6].x(),
                    0.1f);
}

TEST(NeuralAnnot, AddsTheMeanHandAndKeepsTheWristsPlace) {
    const TempFolder folder;
    const HandPair hands = mano_like_hands();
    NeuralAnnotOptions all;
    all.distinct.reset();
    const RecordedSource source(
        "neuralannot", read_neural_annot(write(folder, annotation().dump()), hands, all), "");
    const VecX other = VecX::Constant(10, 0.3); // drawn, but the file knows better
    const PoseSeed seed =
        source.seed(0, {shape_hand(hands.hands[0], other), shape_hand(hands.hands[1], other)});
    EXPECT_TRUE(seed.has_shape);
    EXPECT_NEAR(seed.shape[0][0], 0.5, 1e-6);
    EXPECT_NEAR(seed.shape[1][0], 0.9, 1e-6);
    for (std::size_t s = 0; s < 2; ++s) {
        // The same hand posed straight from the file's numbers, mean added by hand.
        const json file = annotation()["0"]["18256"][s == 0 ? "right" : "left"];
        HandPose pose;
        for (std::size_t j = 0; j < kJointCount; ++j) {
            for (std::size_t axis = 0; axis < 3; ++axis) {
                pose.axis_angle[j][static_cast<Eigen::Index>(axis)] =
                    file["pose"][3 * j + axis].get<double>();
            }
            if (j > 0) {
                pose.axis_angle[j] +=
                    hands.hands[s].hands_mean.segment<3>(static_cast<Eigen::Index>(3 * j - 3));
            }
        }
        pose.translation = Vec3(file["trans"][0], file["trans"][1], file["trans"][2]);
        const std::vector<double> shape = file["shape"];
        pose.shape = Eigen::Map<const VecX>(shape.data(), 10);
        const HandState expected = pose_hand(hands.hands[s], pose);

        HandPose drawn;
        drawn.axis_angle[0] = axis_angle_from_rotation(seed.world_from_hand[s]);
        set_finger_angles(
            anatomy_frames(shape_hand(hands.hands[s], seed.shape[s])), seed.angles[s], drawn);
        drawn.translation = seed.translation[s];
        drawn.shape = seed.shape[s];
        const HandState state = pose_hand(hands.hands[s], drawn);
        EXPECT_LT((state.joints - expected.joints).cwiseAbs().maxCoeff(), 1e-5);
    }
}

TEST(NeuralAnnot, AHandOfAnotherShapeKeepsItsWrist) {
    const TempFolder folder;
    const HandPair hands = mano_like_hands();
    std::vector<RecordedPair> pairs = read_neural_annot(write(folder, annotation().dump()), hands);
    for (RecordedPair& pair : pairs) { // as if of another model
        pair.hands[1].shape.conservativeResize(7);
    }
    const RecordedSource source("neuralannot", std::move(pairs), "");
    const std::array<ShapedHand, 2> small{shape_hand(hands.hands[0], VecX::Constant(10, -1)),
                                          shape_hand(hands.hands[1], VecX::Constant(10, -1))};
    const std::array<ShapedHand, 2> large{shape_hand(hands.hands[0], VecX::Constant(10, 1)),
                                          shape_hand(hands.hands[1], VecX::Constant(10, 1))};
    const PoseSeed a = source.seed(0, small), b = source.seed(0, large);
    for (std::size_t s = 0; s < 2; ++s) {
        const Vec3 wrist_a = small[s].rest_joints.row(0).transpose() + a.translation[s];
        const Vec3 wrist_b = large[s].rest_joints.row(0).transpose() + b.translation[s];
        EXPECT_LT((wrist_a - wrist_b).norm(), 1e-9);
    }
}

TEST(NeuralAnnot, DropsPosesThatAreNearlyTheSame) {
    const TempFolder folder;
    const auto path = write(folder, annotation().dump());
    EXPECT_EQ(read_neural_annot(path, mano_like_hands()).size(), 2u);
    NeuralAnnotOptions fine;
    fine.distinct = CoverOptions{.mean_angle = 1e-7, .rotation = 1e-7, .translation = 1e-7};
    EXPECT_EQ(read_neural_annot(path, mano_like_hands(), fine).size(), 3u);
}

TEST(NeuralAnnot, NeedsAHandWithAMeanPose) {
    const TempFolder folder;
    const auto path = write(folder, annotation().dump());
    const std::string message = error_of([&] { read_neural_annot(path, make_test_hand_pair()); });
    EXPECT_THAT(message, HasSubstr("MANO"));
    EXPECT_EQ(message.find('\n'), std::string::npos);
}

TEST(NeuralAnnot, NamesWhatIsWrong) {
    const TempFolder folder;
    json file = annotation();
    file["0"]["18256"]["right"]["pose"] = {1, 2, 3};
    EXPECT_THAT(error_of([&] { parse_neural_annot(write(folder, file.dump())); }),
                HasSubstr("18256"));
    EXPECT_THAT(error_of([&] { parse_neural_annot(write(folder, std::string(100000, '['))); }),
                HasSubstr("no NeuralAnnot file"));
    EXPECT_THAT(error_of([&] {
                    parse_neural_annot(write(folder, "{\"" + std::string(100000, 'a') + "\": 1}"));
                }),
                HasSubstr("over 4096 bytes"));
    EXPECT_THAT(error_of([&] { parse_neural_annot(write(folder, annotation().dump() + "}")); }),
                HasSubstr("syntax error"));
    file = annotation();
    file["0"]["18256"]["left"]["shape"][3] = 10.5;
    EXPECT_THAT(error_of([&] { parse_neural_annot(write(folder, file.dump())); }),
                HasSubstr("a shape coefficient beyond 10"));
    NeuralAnnotOptions few;
    few.max_frames = 1;
    EXPECT_THAT(error_of([&] { parse_neural_annot(write(folder, annotation().dump()), few); }),
                HasSubstr("more than 1 frames"));
    EXPECT_NE(error_of([&] { RecordedSource("x", {}, ""); }), "");
}

TEST(NeuralAnnot, DamagedFilesLoadOrGiveAUserError) {
    const TempFolder folder;
    const std::string text = annotation().dump();
    const Bytes original(text.begin(), text.end());
    const auto path = folder.path() / "damaged.json";
    int refused = 0;
    for (std::uint64_t i = 0; i < 1200; ++i) {
        write_plainly(path, mutate(original, i));
        refused += !error_of([&] { parse_neural_annot(path); }).empty();
    }
    EXPECT_GT(refused, 500);
    EXPECT_LT(refused, 1200);
}

TEST(NeuralAnnot, FramesOfAMotionAreOneFamily) {
    json file;
    double value = 0;
    const auto add = [&](const char* capture, const char* frame) {
        value += 0.2;
        file[capture][frame] = {{"right", hand_of(value, {0.1, 0.2, 0.9})},
                                {"left", hand_of(-value, {-0.1, 0.2, 0.9})}};
    };
    for (const char* frame : {"9990", "10050", "10230", "20"}) { // as text 10050 comes first
        add("0", frame);
    }
    add("5", "10051");
    const TempFolder folder;
    const HandPair hands = mano_like_hands();
    std::map<std::string, std::string> sequence_of;
    const std::vector<RecordedPair> pairs = read_neural_annot(write(folder, file.dump()), hands);
    for (const RecordedPair& pair : pairs) {
        sequence_of[pair.id] = pair.sequence;
    }
    EXPECT_EQ(sequence_of,
              (std::map<std::string, std::string>{{"0/20", "0/20"},
                                                  {"0/9990", "0/9990"},
                                                  {"0/10050", "0/9990"},
                                                  {"0/10230", "0/10230"},
                                                  {"5/10051", "5/10051"}}));
    const std::vector<HandShape> shapes =
        RecordedSource("neuralannot", pairs, "").hand_shapes(hands);
    ASSERT_EQ(shapes.size(), 2 * pairs.size());
    for (const HandShape& shape : shapes) {
        EXPECT_EQ(max_limit_excess(shape.angles), 0);
        EXPECT_EQ(shape.family, sequence_of[shape.name.substr(0, shape.name.rfind('/'))]);
    }
}

TEST(RecordedPoses, ReadsAPosesFileOfOurs) {
    const TempFolder folder;
    const HandPair hands = make_test_hand_pair();
    const auto shapes = static_cast<std::size_t>(hands.hands[0].shape_count());
    std::vector<double> pose(2 * 2 * 16 * 3, 0.0), translation(2 * 2 * 3, 0.25);
    pose[16 * 3 + 1] = 0.7; // pose 0, left hand, wrist, y
    const auto path = folder.path() / "poses.npz";
    write_npz(
        path,
        {{"pose", {{{2, 2, 16, 3}, pose}, NpyType::Float64}},
         {"translation", {{{2, 2, 3}, translation}, NpyType::Float64}},
         {"shape", {{{2, 2, shapes}, std::vector<double>(4 * shapes, 0.0)}, NpyType::Float64}}});
    const auto pairs = read_recorded_poses(path, hands);
    ASSERT_EQ(pairs.size(), 2u);
    EXPECT_FLOAT_EQ(pairs[0].hands[1].axis_angle[0].y(), 0.7f);
    const auto source = make_pose_source(path.string(), folder.path(), hands);
    EXPECT_EQ(source->size(), 2u);
    std::vector<double> giant(4 * shapes, 0.0);
    giant[2] = -900;
    write_npz(path,
              {{"pose", {{{2, 2, 16, 3}, pose}, NpyType::Float64}},
               {"translation", {{{2, 2, 3}, translation}, NpyType::Float64}},
               {"shape", {{{2, 2, shapes}, giant}, NpyType::Float64}}});
    EXPECT_THAT(error_of([&] { read_recorded_poses(path, hands); }),
                HasSubstr("a shape coefficient is -900"));
    write_npz(path, {{"pose", {{{2, 2, 16, 3}, pose}, NpyType::Float64}}});
    EXPECT_THROW(read_recorded_poses(path, hands), UserError);
    // What is wrong is told with the file's name.
    write_npz(path,
              {{"pose", {{{2, 2, 16, 3}, std::vector<std::string>(192, "x")}, NpyType::Text}}});
    EXPECT_THAT(error_of([&] { read_recorded_poses(path, hands); }),
                testing::AllOf(HasSubstr("poses.npz"), HasSubstr("\"pose\""), HasSubstr("text")));
    const std::vector<double> none;
    write_npz(path,
              {{"pose", {{{0, 2, 16, 3}, none}, NpyType::Float64}},
               {"translation", {{{0, 2, 3}, none}, NpyType::Float64}},
               {"shape", {{{0, 2, shapes}, none}, NpyType::Float64}}});
    EXPECT_THAT(error_of([&] { read_recorded_poses(path, hands); }),
                testing::AllOf(HasSubstr("poses.npz"), HasSubstr("no pose")));
}

TEST(RecordedPoses, TheIntendedGapIsThatOfTheRecordedSkins) {
    const HandPair hands = make_test_hand_pair();
    const std::array<ShapedHand, 2> shaped{shape_hand(hands.hands[0], VecX()),
                                           shape_hand(hands.hands[1], VecX())};
    // Half a turn about z puts the left hand's back before the right hand's, its mirror image.
    RecordedPair pair;
    const std::vector<bool> of_hand = hand_vertices(hands.hands[0]);
    double back = 0; // the highest point over the wrist
    for (std::size_t v = 0; v < of_hand.size(); ++v) {
        if (of_hand[v]) {
            back = std::max(back,
                            shaped[0].rest_vertices(static_cast<Eigen::Index>(v), 1) -
                                shaped[0].rest_joints(0, 1));
        }
    }
    for (RecordedHand& hand : pair.hands) {
        hand.axis_angle.fill(Eigen::Vector3f::Zero());
        hand.wrist.setZero();
    }
    pair.hands[1].axis_angle[0].z() = static_cast<float>(kPi);
    for (const double gap : {0.03, 0.0005, -0.01}) {
        pair.hands[1].wrist.y() = static_cast<float>(2 * back + gap);
        const PoseSeed seed = RecordedSource("poses", {pair}, "").seed(0, shaped);
        EXPECT_NEAR(seed.intended_gap_m, std::max(0.0, gap), 1e-6);
    }
}

} // namespace
} // namespace rih
