// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/mano.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/base/temp_folder.h"
#include "renderih/base/testing/mutate.h"
#include "renderih/hand/forearm.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/hand_summary.h"
#include "renderih/hand/kinematics.h"
#include "renderih/hand/testing/mano_file.h"
#include "renderih/hand/testing/open_hand.h"
#include "renderih/hand/testing/test_hand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace rih {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

VecX some_mean() {
    Rng rng(8, 0, "mano_test");
    VecX mean(45);
    for (double& x : mean) {
        x = 0.1 * rng.normal();
    }
    return mean;
}

void write(const fs::path& path, const Bytes& bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
}

std::string error_of_loading(const fs::path& path, Side side = Side::Right) {
    try {
        load_hand(path, side);
    } catch (const UserError& error) {
        EXPECT_THAT(error.what(), HasSubstr(path.string()));
        EXPECT_THAT(error.what(), testing::Not(HasSubstr("\n")));
        return error.what();
    }
    return "";
}

/// The hand read from a MANO file against the hand it was written from.
void expect_same_hand(const HandModel& read, const HandModel& source, const VecX& hands_mean) {
    const HandModel open = without_forearm(source);
    const int v = open.vertex_count();
    EXPECT_EQ(read.side, source.side);
    EXPECT_LT((read.template_vertices.topRows(v) - open.template_vertices).norm(), 1e-12);
    EXPECT_LT((read.shape_dirs.topRows(3 * v) - open.shape_dirs).norm(), 1e-12);
    EXPECT_LT((read.pose_dirs.topRows(3 * v) - open.pose_dirs).norm(), 1e-12);
    EXPECT_LT((MatX(read.skin_weights).topLeftCorner(v, 16) - MatX(open.skin_weights)).norm(),
              1e-12);
    EXPECT_LT((MatX(read.joint_regressor).topLeftCorner(16, v) - MatX(open.joint_regressor)).norm(),
              1e-12);
    EXPECT_TRUE(std::equal(open.faces.begin(), open.faces.end(), read.faces.begin()));
    // Computed by rule, yet what the source says.
    EXPECT_EQ(read.tip_vertices, open.tip_vertices);
    EXPECT_TRUE(
        std::equal(open.part_of_face.begin(), open.part_of_face.end(), read.part_of_face.begin()));
    EXPECT_EQ(read.part_of_face.back(), forearm_part(source.side));
    EXPECT_EQ(read.thumb_up_hint, source.thumb_up_hint);
    EXPECT_EQ(read.hands_mean, hands_mean);
    EXPECT_TRUE(is_closed(read.faces));
}

TEST(Mano, PickleRoundTrip) {
    const TempFolder folder;
    const VecX mean = some_mean();
    for (const Side side : kSides) {
        const HandModel source = make_test_hand(side);
        for (const ManoFileOptions& options : {ManoFileOptions{.new_object = true},
                                               ManoFileOptions{.new_object = false},
                                               ManoFileOptions{.select = true}}) {
            const fs::path path = folder.path() / "hand.pkl";
            write(path, mano_pickle(source, mean, options));
            expect_same_hand(load_hand(path, side), source, mean);
        }
    }
}

TEST(Mano, NpzRoundTrip) {
    const TempFolder folder;
    const VecX mean = some_mean();
    for (const Side side : kSides) {
        const HandModel source = make_test_hand(side);
        const fs::path path = folder.path() / "hand.npz";
        write_mano_npz(path, source, mean);
        expect_same_hand(load_hand(path, side), source, mean);
        // What we write from it is a hand file of ours.
        const HandModel hand = load_hand(path, side);
        save_hand(folder.path() / "ours.npz", hand);
        EXPECT_EQ(load_hand(folder.path() / "ours.npz", side).sha256, hand.sha256);
    }
}

TEST(Mano, PosesLikeTheHandItWasWrittenFrom) {
    const TempFolder folder;
    const HandModel source = make_test_hand();
    write(folder.path() / "hand.pkl", mano_pickle(source));
    const HandModel read = load_hand(folder.path() / "hand.pkl", Side::Right);
    Rng rng(8, 1, "mano_test");
    HandPose pose;
    for (int j = 0; j < kJointCount; ++j) {
        pose.axis_angle[j] = 0.5 * Vec3(rng.normal(), rng.normal(), rng.normal());
    }
    pose.shape = VecX::Constant(source.shape_count(), 0.7);
    const Points expected = keypoints_mano21(source, pose_hand(source, pose));
    EXPECT_LT((keypoints_mano21(read, pose_hand(read, pose)) - expected).norm(), 1e-12);
}

TEST(Mano, TheOpenHandGoesThroughMANOsLayout) {
    const char* assets = std::getenv("RENDERIH_ASSETS");
    const fs::path folder = assets == nullptr ? "" : assets;
    if (!fs::exists(folder / "hand" / "right.npz")) {
        GTEST_SKIP() << "the assets are not built (RENDERIH_ASSETS/hand/right.npz)";
    }
    const HandPair open = load_hand_pair("open", folder);
    const TempFolder files;
    const fs::path right = files.path() / "r.pkl", left = files.path() / "l.pkl";
    write(right, mano_pickle(open[Side::Right]));
    write(left, mano_pickle(open[Side::Left]));
    const HandPair read = load_hand_pair(right.string() + "," + left.string(), {});
    EXPECT_LT(
        (mirror(read[Side::Right]).template_vertices - read[Side::Left].template_vertices).norm(),
        1e-12);
    for (const Side side : kSides) {
        const ShapedHand a = shape_hand(open[side], VecX()), b = shape_hand(read[side], VecX());
        EXPECT_LT((a.rest_joints - b.rest_joints).norm(), 1e-9);
        const Points tips_a = keypoints_mano21(open[side], pose_hand(open[side], {}));
        const Points tips_b = keypoints_mano21(read[side], pose_hand(read[side], {}));
        EXPECT_LT((tips_a - tips_b).rowwise().norm().maxCoeff(), 0.006); // tips by rule
        // Forearm: 0.2 m behind the border, on the elbow's side.
        const auto x = b.rest_vertices.col(0);
        EXPECT_GT(side == Side::Right ? x.maxCoeff() : -x.minCoeff(), 0.18);
    }
}

TEST(Mano, SideIsSeenFromTheGeometry) {
    const TempFolder folder;
    const fs::path path = folder.path() / "hand.pkl";
    write(path, mano_pickle(make_test_hand(Side::Left)));
    EXPECT_THAT(error_of_loading(path, Side::Right), HasSubstr("is a left hand"));
    EXPECT_EQ(error_of_loading(path, Side::Left), "");
}

TEST(Mano, LeftShapeDirectionsAreFixedOnlyWhenTheyRepeatTheRight) {
    const TempFolder folder;
    const fs::path right = folder.path() / "r.pkl", left = folder.path() / "l.pkl";
    const std::string spec = right.string() + "," + left.string();
    HandModel source = make_test_hand(Side::Right), mirrored = make_test_hand(Side::Left);
    write(right, mano_pickle(source));

    write(left, mano_pickle(mirrored));
    const HandPair sound = load_hand_pair(spec, {});
    EXPECT_THAT(sound[Side::Left].meta_json, HasSubstr("\"mano_left_shapedirs_fixed\":false"));
    const int rows = 3 * without_forearm(source).vertex_count();
    const MatX wanted = without_forearm(mirrored).shape_dirs;
    EXPECT_EQ(sound[Side::Left].shape_dirs.topRows(rows), wanted);

    mirrored.shape_dirs = source.shape_dirs; // as published
    write(left, mano_pickle(mirrored));
    const HandPair fixed = load_hand_pair(spec, {});
    EXPECT_THAT(fixed[Side::Left].meta_json, HasSubstr("\"mano_left_shapedirs_fixed\":true"));
    EXPECT_EQ(fixed[Side::Left].shape_dirs.topRows(rows), wanted);
    EXPECT_LT((fixed[Side::Left].shape_dirs - sound[Side::Left].shape_dirs).norm(), 1e-12);
    // Every vertex is the mirror image of the right hand's, the forearm's too.
    const VecX shape = VecX::Constant(source.shape_count(), 1.3);
    Points reflected = shape_hand(fixed[Side::Right], shape).rest_vertices;
    reflected.col(0) *= -1;
    EXPECT_LT((reflected - shape_hand(fixed[Side::Left], shape).rest_vertices).norm(), 1e-12);
}

TEST(Mano, MutatedFilesLoadOrGiveUserErrors) {
    const TempFolder folder;
    const HandModel source = make_test_hand();
    const fs::path pickle = folder.path() / "hand.pkl", npz = folder.path() / "hand.npz";
    write_mano_npz(npz, source, some_mean());
    const std::map<fs::path, Bytes> originals{{pickle, mano_pickle(source, some_mean())},
                                              {npz, read_file(npz, 1 << 24)}};
    for (const auto& [path, original] : originals) {
        int refused = 0;
        for (std::uint64_t i = 0; i < 1000; ++i) {
            write(path, mutate(original, i));
            refused += !error_of_loading(path).empty(); // anything but UserError fails the test
        }
        EXPECT_GT(refused, 400) << path;
    }
}

/// The pickle's instructions are a few kilobytes between megabytes of numbers: damage all of them.
TEST(Mano, MutatedInstructionsLoadOrGiveUserErrors) {
    const Bytes original = mano_pickle(make_test_hand());
    std::vector<std::size_t> places; // bytes close to class names and keys
    const std::string_view text(reinterpret_cast<const char*>(original.data()), original.size());
    for (const char* word : {"numpy", "scipy", "chumpy", "dtype", "shape", "weights", "kintree"}) {
        for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
            for (std::size_t k = at < 40 ? 0 : at - 40; k < std::min(at + 120, text.size()); ++k) {
                places.push_back(k);
            }
        }
    }
    int refused = 0;
    for (std::uint64_t i = 0; i < 3000; ++i) {
        Rng rng(9, i, "mutated_instructions");
        Bytes bytes = original;
        for (std::uint32_t k = 0; k <= rng.uniform_index(3); ++k) {
            const std::size_t place =
                places[rng.uniform_index(static_cast<std::uint32_t>(places.size()))];
            bytes[place] = static_cast<std::uint8_t>(rng.uniform_index(256));
        }
        try {
            hand_from_mano(mano_arrays_of_pickle(bytes, "x.pkl"), Side::Right, "x.pkl");
        } catch (const UserError& error) {
            ++refused;
            EXPECT_THAT(error.what(), HasSubstr("x.pkl"));
        }
    }
    EXPECT_GT(refused, 1500);
}

/// Runs a Python program in the folder; true when it exits with 0.
bool python(const TempFolder& folder, const std::string& program) {
    std::ofstream(folder.path() / "p.py") << program;
    const std::string command =
        fmt::format("cd '{}' && '{}' p.py > out.txt 2>&1", folder.path().string(), RIH_PYTHON);
    return std::system(command.c_str()) == 0;
}

// A stand-in for chumpy, which no longer installs: unpickling needs the class only.
constexpr std::string_view kChumpy = R"(import pickle, sys, types
import numpy as np, scipy.sparse
ch = types.ModuleType('chumpy.ch')
class Ch(object): pass
Ch.__module__ = 'chumpy.ch'
ch.Ch = Ch
sys.modules['chumpy'] = types.ModuleType('chumpy')
sys.modules['chumpy.ch'] = ch
)";

TEST(Mano, PythonReadsTheTestsFilesAndWeReadPythons) {
    const TempFolder folder;
    if (!python(folder, "import numpy, scipy.sparse")) {
        GTEST_SKIP() << "numpy and scipy are not in the build's Python";
    }
    const HandModel source = make_test_hand();
    const VecX mean = some_mean();
    write(folder.path() / "ours.pkl", mano_pickle(source, mean));
    EXPECT_TRUE(python(folder, std::string(kChumpy) + R"(
d = pickle.load(open('ours.pkl', 'rb'), encoding='latin1')
v = d['v_template'].shape[0]
assert d['shapedirs'].x.shape == (v, 3, 4) and d['posedirs'].shape == (v, 3, 135)
assert scipy.sparse.issparse(d['J_regressor']) and d['J_regressor'].shape == (16, v)
assert np.abs(d['J_regressor'] @ d['v_template'] - d['J']).max() < 1e-12
assert d['kintree_table'].dtype == np.uint32 and d['hands_components'].shape == (45, 45)
for protocol in (2, 4):
    pickle.dump(d, open('python%d.pkl' % protocol, 'wb'), protocol=protocol)
)")) << read_text_file(folder.path() / "out.txt", 1 << 20);
    for (const char* name : {"python2.pkl", "python4.pkl"}) {
        expect_same_hand(load_hand(folder.path() / name, Side::Right), source, mean);
    }
}

TEST(HandSummary, PrintsNothingThatATerminalObeys) {
    HandModel hand = make_test_hand();
    hand.name = "a\x1b[2J\nb";
    hand.meta_json = R"({"shape_names": ["x\u001b[0m"], "licence": "\u0007"})";
    const std::string text = hand_summary(hand);
    EXPECT_THAT(text, testing::Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, testing::Not(HasSubstr("\x07")));
    EXPECT_THAT(text, HasSubstr("a?[2J?b"));
}

TEST(HandSummary, NamesWhatMatters) {
    const std::string text = hand_summary(make_test_hand());
    EXPECT_THAT(text, HasSubstr("right hand"));
    EXPECT_THAT(text, HasSubstr("17: wrist, index1"));
    EXPECT_THAT(text, HasSubstr("4 directions: size, finger length"));
    HandModel odd = make_test_hand();
    odd.meta_json = R"({"shape_names": [1, null], "licence": 3})";
    EXPECT_THAT(hand_summary(odd), HasSubstr("not stated"));
}

} // namespace
} // namespace rih
