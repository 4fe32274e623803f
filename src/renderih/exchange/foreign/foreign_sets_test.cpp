// SPDX-License-Identifier: Apache-2.0
// Damaged copies of every file of labels that the readers of others' sets take: each is read, or
// refused with a UserError of one line. That what they read is right is held in
// tests/e2e/convert_test.py, against numpy.
#include "renderih/base/error.h"
#include "renderih/base/npz_array.h"
#include "renderih/base/temp_folder.h"
#include "renderih/base/testing/mutate.h"
#include "renderih/exchange/foreign/foreign_labels.h"
#include "renderih/exchange/foreign/foreign_set.h"
#include "renderih/exchange/foreign/h2o3d_meta.h"
#include "renderih/exchange/pickle_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace rih {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::uint64_t kMutations = 1000;

void write(const fs::path& path, std::span<const std::uint8_t> bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
}
void write(const fs::path& path, std::string_view text) {
    write(path, as_bytes(text));
}

std::string repeated(const std::string& element, int count) {
    std::string text = "[" + element;
    for (int i = 1; i < count; ++i) {
        text += "," + element;
    }
    return text + "]";
}

using Open = std::unique_ptr<ForeignSet> (*)(const ForeignOptions&);

/// What went wrong when a set was opened and all its labels taken; empty when nothing did.
std::string
error_of(Open open, const fs::path& folder, int width, int height, Split split = Split::Train) {
    try {
        const auto set = open({folder, split, nullptr});
        for (std::uint64_t i = 0; i < set->size(); ++i) {
            set->picture(i);
            const Record record = set->labels(i, width, height);
            // Whatever was read can be written and read again: no label is beyond what we take.
            Record named = record;
            named.data_source = "x";
            record_from_json(to_json(named), "converted");
        }
    } catch (const UserError& error) {
        EXPECT_EQ(std::string_view(error.what()).find('\n'), std::string_view::npos)
            << error.what();
        return error.what();
    }
    return "";
}

void damage(Open open, const fs::path& folder, const fs::path& file, int width, int height) {
    ASSERT_EQ(error_of(open, folder, width, height), "");
    const Bytes original = read_file(file, 1 << 20);
    int refused = 0;
    for (std::uint64_t i = 0; i < kMutations; ++i) {
        write(file, mutate(original, i));
        refused += !error_of(open, folder, width, height).empty();
    }
    write(file, original);
    EXPECT_GT(refused, static_cast<int>(kMutations) / 4) << file;
}

class ForeignSets : public testing::Test {
  protected:
    fs::path path(const char* name) const { return folder_.path() / name; }

  private:
    TempFolder folder_;
};

TEST_F(ForeignSets, InterHand26M) {
    const fs::path folder = path("annotations/train");
    const auto file = [&](const char* what) {
        return folder / fmt::format("InterHand2.6M_train_{}.json", what);
    };
    write(file("data"),
          R"({"images":[{"id":5,"file_name":"Capture0/a.jpg","width":64,"height":48,)"
          R"("capture":0,"camera":"400","frame_idx":9}],"annotations":[{"id":1,"image_id":5,)"
          R"("joint_valid":)" +
              repeated("[1]", 42) + "}]}");
    write(file("camera"),
          R"({"0":{"campos":{"400":[100,20,-3]},"camrot":{"400":[[1,0,0],[0,1,0],[0,0,1]]},)"
          R"("focal":{"400":[90,91]},"princpt":{"400":[31,23]}}})");
    write(file("joint_3d"),
          R"({"0":{"9":{"world_coord":)" + repeated("[10,20.5,800]", 42) + R"(,"joint_valid":)" +
              repeated("1", 42) + "}}}");
    for (const char* what : {"data", "camera", "joint_3d"}) {
        damage(open_interhand26m, path("."), file(what), 64, 48);
    }
    write(file("camera"),
          R"({"0":{"campos":{"400":[0,0,0]},"camrot":{"400":[[1,0,0],[0,1,0],[0,0,-1]]},)"
          R"("focal":{"400":[90,91]},"princpt":{"400":[31,23]}}})");
    EXPECT_THAT(error_of(open_interhand26m, path("."), 64, 48), HasSubstr("no rotation"));
}

TEST_F(ForeignSets, Hic) {
    write(path("HIC.json"),
          R"({"images":[{"id":0,"file_name":"a.jpg","width":640,"height":480}],"annotations":)"
          R"([{"id":0,"image_id":0,"right_mano_path":"r.ply","left_mano_path":null,"joint_2d":)" +
              repeated("[10,20]", 28) + R"(,"joint_valid":)" + repeated("1", 28) + "}]}");
    damage(open_hic, path("."), path("HIC.json"), 640, 480);
}

Bytes meta_of_two_hands() {
    const std::vector<double> k{60, 0, 32, 0, 60, 24, 0, 0, 1}, joints(63, -0.5), pose(48, 0.1),
        valid(21, 1), shape(10, 0.2), place(3, 0.1);
    PickleWriter out;
    out.begin_dict();
    out.key("camMat"), out.array({3, 3}, k, NpyType::Float64);
    out.key("handBeta"), out.array({10}, shape);
    for (const std::string side : {"right", "left"}) {
        const std::string capital = side == "right" ? "Right" : "Left";
        out.key(side + "HandJoints3D"), out.array({21, 3}, joints);
        out.key("jointValid" + capital), out.array({21}, valid);
        out.key(side + "HandPose"), out.array({48}, pose);
        out.key(side + "HandTrans"), out.array({3}, place);
    }
    out.end_dict();
    return out.take();
}

TEST_F(ForeignSets, H2o3d) {
    write(path("train.txt"), "A/0\nA/1\n");
    write(path("train/A/meta/0.pkl"), meta_of_two_hands());
    write(path("train/A/meta/1.pkl"), meta_of_two_hands());
    damage(open_h2o3d, path("."), path("train/A/meta/1.pkl"), 64, 48);
    damage(open_h2o3d, path("."), path("train.txt"), 64, 48);
    EXPECT_THAT(error_of(open_h2o3d, path("."), 64, 48, Split::Val), HasSubstr("no validation"));
    for (const char* list : {"../a/0\n", "A\n", "A/../0\n", "/etc/x\n"}) {
        write(path("train.txt"), list);
        EXPECT_NE(error_of(open_h2o3d, path("."), 64, 48), "") << list;
    }
}

TEST_F(ForeignSets, H2o3dMeta) {
    const H2o3dMeta meta = h2o3d_meta(meta_of_two_hands(), "x");
    EXPECT_EQ(meta.intrinsics.cx, 32.5); // counted from the corner
    EXPECT_TRUE(meta.hands[1].has_joints());
    ASSERT_TRUE(meta.hands[1].mano.has_value());
    EXPECT_FLOAT_EQ(static_cast<float>(meta.hands[1].mano->shape[3]), 0.2F);
}

TEST_F(ForeignSets, Ego3d) {
    // Joints on a slant plane, and where they project to with a focal length of half the width.
    NpyOutput flat, deep;
    std::vector<double> parts, places;
    for (int i = 0; i < 44; ++i) {
        const double x = i % 7 - 3, y = i % 5 - 2, z = 20 + i % 3;
        places.insert(places.end(), {y, x, z});
        parts.insert(parts.end(), {0.5 + 0.5 * y / z * 64 / 48, 0.5 + 0.5 * x / z});
    }
    flat.array = {{2, 22, 2}, parts};
    deep.array = {{2, 22, 3}, places};
    write(path("0/color_new.png"), "not looked at here");
    write(path("0/location_2d.npy"), encode_npy(flat, "flat"));
    write(path("0/location_3d_global.npy"), encode_npy(deep, "deep"));
    damage(open_ego3d, path("."), path("0/location_2d.npy"), 64, 48);
    damage(open_ego3d, path("."), path("0/location_3d_global.npy"), 64, 48);
}

TEST(ForeignLabels, FilesStayBelowTheirFolder) {
    EXPECT_EQ(path_below("/data", "a/b.jpg", "x"), fs::path("/data/a/b.jpg"));
    for (const std::string name : {"", "/etc/passwd", "../x", "a/../../x", "a/.."}) {
        EXPECT_THROW(path_below("/data", name, "x"), UserError) << name;
    }
}

TEST(ForeignLabels, PublishedDigitsBecomeARotation) {
    Mat3 published = Mat3::Identity();
    published(0, 1) = 4e-4;
    const Mat3 rotation = nearest_rotation(published, "x");
    EXPECT_LT((rotation * rotation.transpose() - Mat3::Identity()).norm(), 1e-14);
    EXPECT_LT((rotation - published).norm(), 4e-4);
    published(0, 1) = 0.1;
    EXPECT_THROW(nearest_rotation(published, "x"), UserError);
    EXPECT_THROW(nearest_rotation(-Mat3::Identity(), "x"), UserError);
}

} // namespace
} // namespace rih
