// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/hand_io.h"

#include "renderih/base/error.h"
#include "renderih/base/npz.h"
#include "renderih/base/temp_folder.h"
#include "renderih/base/testing/mutate.h"
#include "renderih/hand/forearm.h"
#include "renderih/hand/hand_npz.h"
#include "renderih/hand/kinematics.h"
#include "renderih/hand/testing/open_hand.h"
#include "renderih/hand/testing/test_hand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>

namespace rih {
namespace {

using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

std::string error_of_loading(const fs::path& path, Side side = Side::Right) {
    try {
        load_hand(path, side);
    } catch (const UserError& error) {
        EXPECT_THAT(error.what(), testing::Not(HasSubstr("\n")));
        return error.what();
    }
    return "";
}

TEST(HandIo, SavedHandsReadBackBitByBit) {
    const TempFolder folder;
    for (const Side side : kSides) {
        HandModel hand = make_test_hand(side);
        hand.hands_mean = VecX::LinSpaced(45, -1, 1);
        hand.sha256 = hash_of(hand);
        const fs::path path = folder.path() / "hand.npz";
        save_hand(path, hand);
        const HandModel read = load_hand(path, side);
        EXPECT_EQ(read.sha256, hand.sha256);
        EXPECT_EQ(read.template_vertices, hand.template_vertices);
        EXPECT_EQ(read.pose_dirs, hand.pose_dirs);
        EXPECT_EQ(read.meta_json, hand.meta_json);
        EXPECT_EQ(read.tip_vertices, hand.tip_vertices);
        EXPECT_EQ(read.name, "hand.npz");
    }
}

TEST(HandIo, HashSeesEveryArray) {
    const HandModel hand = make_test_hand();
    const auto changed = [&](auto change) {
        HandModel other = hand;
        change(other);
        return hash_of(other) != hash_of(hand);
    };
    EXPECT_TRUE(changed([](HandModel& h) { h.template_vertices(3, 1) += 1e-12; }));
    EXPECT_TRUE(changed([](HandModel& h) { std::swap(h.faces[0], h.faces[1]); }));
    EXPECT_TRUE(changed([](HandModel& h) { h.skin_weights.coeffRef(0, 3) = 1e-9; }));
    EXPECT_TRUE(changed([](HandModel& h) { h.joint_regressor.coeffRef(3, 0) = 1e-9; }));
    EXPECT_TRUE(changed([](HandModel& h) { h.shape_dirs(0, 1) += 1e-9; }));
    EXPECT_TRUE(changed([](HandModel& h) { h.pose_dirs(0, 1) += 1e-9; }));
    EXPECT_TRUE(changed([](HandModel& h) { h.tip_vertices[2] = 0; }));
    EXPECT_TRUE(changed([](HandModel& h) { h.part_of_face[0] = 1; }));
    EXPECT_TRUE(changed([](HandModel& h) { h.thumb_up_hint.x() = 0; }));
    EXPECT_TRUE(changed([](HandModel& h) { h.side = Side::Left; }));
    EXPECT_TRUE(changed([](HandModel& h) { h.quads.push_back({0, 1, 2, 3}); }));
    EXPECT_TRUE(changed([](HandModel& h) { h.uv = Points2::Ones(h.uv.rows() + 1, 2); }));
    EXPECT_TRUE(changed([](HandModel& h) { h.uv_faces.push_back({0, 1, 2}); }));
    EXPECT_TRUE(changed([](HandModel& h) { h.quad_uv.push_back({0, 1, 2, 3}); }));
    EXPECT_TRUE(changed([](HandModel& h) { h.part_of_quad.push_back(1); }));
    EXPECT_TRUE(changed([](HandModel& h) { h.palm_of_vertex[5] += 1e-9; }));
    EXPECT_TRUE(changed([](HandModel& h) { h.nail_of_face[0] ^= 1; }));
    EXPECT_TRUE(changed([](HandModel& h) { h.nail_of_quad.push_back(1); }));
    EXPECT_TRUE(changed([](HandModel& h) { h.hands_mean = VecX::Ones(45); }));
    EXPECT_FALSE(changed([](HandModel& h) { h.name = "x"; }));
}

TEST(HandIo, NestedMetaIsRefused) {
    const TempFolder folder;
    HandModel hand = make_test_hand();
    hand.meta_json = std::string(200'000, '[') + std::string(200'000, ']');
    save_hand(folder.path() / "deep.npz", hand);
    EXPECT_THROW(load_hand(folder.path() / "deep.npz", Side::Right), UserError);
}

TEST(HandIo, SaysWhatAPathIsInsteadOfAHand) {
    const TempFolder folder;
    const auto message_of = [](const fs::path& path) -> std::string {
        try {
            load_hand(path, Side::Right);
        } catch (const UserError& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_THAT(message_of(folder.path()), testing::HasSubstr("is a folder"));
    EXPECT_THAT(message_of(folder.path() / "none"), testing::HasSubstr("No such file"));
    write_file_atomically(folder.path() / "text", "hello");
    EXPECT_THAT(message_of(folder.path() / "text"), testing::HasSubstr("is neither an .npz"));
}

TEST(HandIo, PairsComeFromOneFileOrTwo) {
    const TempFolder folder;
    const HandPair pair = make_test_hand_pair();
    fs::create_directory(folder.path() / "hand");
    const fs::path right = folder.path() / "hand" / "right.npz", left = folder.path() / "left.npz";
    save_hand(right, pair[Side::Right]);
    save_hand(left, pair[Side::Left]);
    for (const std::string& spec :
         {std::string("open"), right.string(), right.string() + "," + left.string()}) {
        const HandPair read = load_hand_pair(spec, folder.path());
        EXPECT_EQ(read[Side::Right].sha256, pair[Side::Right].sha256) << spec;
        EXPECT_EQ(read[Side::Left].sha256, pair[Side::Left].sha256) << spec;
    }
    EXPECT_EQ(load_hand_pair("open", folder.path())[Side::Left].name, "open");
    EXPECT_THROW(load_hand_pair("open", folder.path() / "none"), UserError);
    EXPECT_THROW(load_hand_pair(left.string() + "," + right.string(), {}), UserError);
}

TEST(HandIo, SixteenJointFilesGetAForearm) {
    const TempFolder folder;
    const fs::path path = folder.path() / "hand.npz";
    const HandModel whole = with_forearm(without_forearm(make_test_hand()));
    auto arrays = arrays_of(whole);
    // Put back what a file of 16 joints has: the first vertices, 16 columns.
    const HandModel open = without_forearm(make_test_hand());
    HandModel as_saved = open;
    as_saved.skin_weights.conservativeResize(open.vertex_count(), kJointCountWithForearm);
    as_saved.joint_regressor.conservativeResize(kJointCountWithForearm, open.vertex_count());
    arrays = arrays_of(as_saved);
    const auto keep_16 = [](NpyOutput& output, bool columns) {
        auto& values = std::get<std::vector<double>>(output.array.data);
        std::vector<double> kept;
        const std::size_t width = output.array.shape[1];
        for (std::size_t i = 0; i < values.size(); ++i) {
            if ((columns ? i % width : i / width) < kJointCount) {
                kept.push_back(values[i]);
            }
        }
        output.array.shape[columns ? 1 : 0] = kJointCount;
        values = kept;
    };
    keep_16(arrays["skin_weights"], true);
    keep_16(arrays["joint_regressor"], false);
    auto& parents = arrays["parents"].array;
    std::get<std::vector<std::int64_t>>(parents.data).pop_back();
    parents.shape[0] = kJointCount;
    write_npz(path, arrays);
    EXPECT_EQ(load_hand(path, Side::Right).sha256, hash_of(whole));
}

/// Saves the test hand with one array changed and returns the message of loading it.
std::string error_with(const std::string& name, const std::function<void(NpyOutput&)>& change) {
    const TempFolder folder;
    auto arrays = arrays_of(make_test_hand());
    change(arrays.at(name));
    write_npz(folder.path() / "hand.npz", arrays);
    const std::string message = error_of_loading(folder.path() / "hand.npz");
    EXPECT_THAT(message, AllOf(HasSubstr("hand.npz"), HasSubstr(name)));
    return message;
}

auto set_double(std::size_t index, double value) {
    return [=](NpyOutput& output) {
        std::get<std::vector<double>>(output.array.data).at(index) = value;
    };
}
auto set_int(std::size_t index, std::int64_t value) {
    return [=](NpyOutput& output) {
        std::get<std::vector<std::int64_t>>(output.array.data).at(index) = value;
        output.type = NpyType::Int64;
    };
}
/// One row fewer.
void drop_row(NpyOutput& output) {
    auto& shape = output.array.shape;
    std::size_t row = 1;
    for (std::size_t d = 1; d < shape.size(); ++d) {
        row *= shape[d];
    }
    --shape[0];
    std::visit([&](auto& values) { values.resize(shape[0] * row); }, output.array.data);
}

TEST(HandIo, EveryArrayIsCheckedAndNamed) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const char* name : {"template_vertices",
                             "skin_weights",
                             "joint_regressor",
                             "shape_dirs",
                             "pose_dirs",
                             "uv",
                             "palm_of_vertex",
                             "thumb_up_hint"}) {
        EXPECT_THAT(error_with(name, set_double(1, nan)), HasSubstr("nan"));
    }
    for (const char* name : {"faces", "uv_faces", "quads", "quad_uv", "tip_vertices"}) {
        EXPECT_THAT(error_with(name, set_int(2, -1)), HasSubstr("-1"));
        EXPECT_THAT(error_with(name, set_int(2, 1 << 30)), HasSubstr("1073741824"));
    }
    for (const char* name : {"template_vertices",
                             "faces",
                             "parents",
                             "skin_weights",
                             "joint_regressor",
                             "shape_dirs",
                             "pose_dirs",
                             "tip_vertices",
                             "uv_faces",
                             "part_of_quad",
                             "quad_uv",
                             "nail_of_face",
                             "nail_of_quad",
                             "palm_of_vertex",
                             "thumb_up_hint"}) {
        const TempFolder folder;
        auto arrays = arrays_of(make_test_hand());
        drop_row(arrays.at(name));
        write_npz(folder.path() / "hand.npz", arrays);
        EXPECT_THAT(error_of_loading(folder.path() / "hand.npz"), HasSubstr("hand.npz")) << name;
    }
    EXPECT_THAT(error_with("skin_weights", set_double(0, 0.4)), HasSubstr("sums to"));
    EXPECT_THAT(error_with("joint_regressor", set_double(0, 1)), HasSubstr("sums to"));
    EXPECT_THAT(error_with("parents", set_int(5, 3)), HasSubstr("expected 4"));
    EXPECT_THAT(error_with("part_of_face", set_int(5, 20)), HasSubstr("right hand's part"));
    EXPECT_THAT(error_with("palm_of_vertex", set_double(5, 1.5)), HasSubstr("[0, 1]"));
    EXPECT_THAT(error_with("nail_of_face", set_int(5, 2)), HasSubstr("2"));
    EXPECT_THAT(error_with("faces", set_int(0, 1)), HasSubstr("faces"));
    EXPECT_THAT(error_with("template_vertices", set_double(0, 90)), HasSubstr("millimetres"));
    EXPECT_THAT(
        error_with("meta",
                   [](NpyOutput& output) { output.array.data = std::vector<std::string>{"{"}; }),
        HasSubstr("JSON"));
    EXPECT_THAT(
        error_with("side",
                   [](NpyOutput& output) { output.array.data = std::vector<std::string>{"up"}; }),
        HasSubstr("\"up\""));
}

TEST(HandIo, ArraysOfAnotherHandAreRefused) {
    const TempFolder folder;
    const fs::path path = folder.path() / "hand.npz";
    save_hand(path, make_test_hand());
    EXPECT_THAT(error_of_loading(path, Side::Left), HasSubstr("swap the files"));
    auto arrays = arrays_of(make_test_hand());
    arrays.erase("skin_weights");
    write_npz(path, arrays);
    EXPECT_THAT(error_of_loading(path), HasSubstr("no array \"skin_weights\""));
    EXPECT_THAT(error_of_loading(folder.path() / "none.npz"), HasSubstr("none.npz"));
}

TEST(HandIo, MutatedFilesLoadOrGiveUserErrors) {
    const TempFolder folder;
    const fs::path path = folder.path() / "hand.npz";
    save_hand(path, make_test_hand());
    const Bytes original = read_file(path, 1 << 24);
    int refused = 0;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        const Bytes bytes = mutate(original, i);
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
        refused += !error_of_loading(path).empty(); // anything but UserError fails the test
    }
    EXPECT_GT(refused, 700);
}

/// Values mutated behind intact checksums: what a hostile but well-formed file holds.
TEST(HandIo, MutatedArraysLoadOrGiveUserErrors) {
    const TempFolder folder;
    const fs::path path = folder.path() / "hand.npz";
    const auto original = arrays_of(make_test_hand());
    for (std::uint64_t i = 0; i < 300; ++i) {
        Rng rng(4, i, "mutated_arrays");
        auto arrays = original;
        auto& output =
            std::next(arrays.begin(), rng.uniform_index(static_cast<std::uint32_t>(arrays.size())))
                ->second;
        std::visit(
            [&](auto& values) {
                using T = typename std::decay_t<decltype(values)>::value_type;
                for (int k = 0; k < 3; ++k) {
                    auto& value =
                        values[rng.uniform_index(static_cast<std::uint32_t>(values.size()))];
                    if constexpr (std::is_same_v<T, double>) {
                        const double odd[] = {-1, 0, 1e300, -1e300, 1e-300, 0.5, INFINITY, NAN};
                        value = odd[rng.uniform_index(8)];
                    } else if constexpr (std::is_same_v<T, std::int64_t>) {
                        const std::int64_t odd[] = {
                            -1, 0, 1, 255, 256, 1 << 20, INT64_MAX, INT64_MIN};
                        value = odd[rng.uniform_index(8)];
                        output.type = NpyType::Int64;
                    } else {
                        value += "{";
                    }
                }
            },
            output.array.data);
        write_npz(path, arrays);
        error_of_loading(path);
    }
}

TEST(HandIo, TheOpenHandOfTheAssetsIsSound) {
    const char* assets = std::getenv("RENDERIH_ASSETS");
    const fs::path folder = assets == nullptr ? "" : assets;
    if (!fs::exists(folder / "hand" / "right.npz")) {
        GTEST_SKIP() << "the assets are not built (RENDERIH_ASSETS/hand/right.npz)";
    }
    const HandPair pair = load_hand_pair("open", folder);
    EXPECT_EQ(pair[Side::Left].side, Side::Left);
    HandPose pose;
    for (int j = 1; j < kJointCountWithForearm; ++j) {
        pose.axis_angle[j] = Vec3(0.1, -0.2, 0.3 + 0.02 * j);
    }
    HandState right = pose_hand(pair[Side::Right], pose);
    right.vertices.col(0) *= -1;
    EXPECT_LT(
        (right.vertices - pose_hand(pair[Side::Left], mirror(pose)).vertices).cwiseAbs().maxCoeff(),
        1e-13);
    // Posed by joints, the fingertips still follow: a bent index is shorter from wrist to tip.
    const Points flat = keypoints_mano21(pair[Side::Right], pose_hand(pair[Side::Right], {}));
    EXPECT_LT((right.joints.row(3) - right.joints.row(0)).norm(),
              (flat.row(7) - flat.row(0)).norm());
}

} // namespace
} // namespace rih
