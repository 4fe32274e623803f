// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/pose_file.h"

#include "renderih/base/error.h"
#include "renderih/base/npz.h"
#include "renderih/base/rng.h"
#include "renderih/base/temp_folder.h"
#include "renderih/base/testing/mutate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

namespace rih {
namespace {

std::vector<PosePair> some_pairs(int count) {
    Rng rng(1, 0, "pose file");
    std::vector<PosePair> pairs(count);
    for (int n = 0; n < count; ++n) {
        PosePair& pair = pairs[n];
        pair.id = 10 + n;
        for (HandPose& hand : pair.pose) {
            for (Vec3& axis_angle : hand.axis_angle) {
                axis_angle = Vec3(rng.normal(), rng.normal(), rng.normal());
            }
            hand.translation = Vec3(rng.normal(), rng.normal(), rng.normal());
            hand.shape = VecX::Constant(4, rng.normal());
        }
        pair.source = "open";
        pair.source_id = "clap:flat+flat";
        pair.augmentation = n;
        pair.attempts = n + 1;
        pair.naturalness = {rng.uniform(), rng.uniform()};
        pair.limit_excess_deg = {0, 0.5};
        pair.penetration_depth_m = rng.uniform();
        pair.self_penetration_depth_m = {rng.uniform(), rng.uniform()};
        pair.contact_area_mm2 = rng.uniform();
        pair.contact_area_1mm_mm2 = rng.uniform();
        pair.contact_area_5mm_mm2 = rng.uniform();
        pair.min_distance_m = rng.uniform();
        pair.forearm_flexion = {0.1, -0.2};
        pair.forearm_deviation = {0.3, 0.05};
    }
    return pairs;
}

TEST(PoseFile, KeepsEveryNumberToTheLastBit) {
    const TempFolder folder;
    const auto path = folder.path() / "poses.npz";
    const std::vector<PosePair> pairs = some_pairs(3);
    write_poses(path, pairs, 42, R"({"a": 1})");
    const PoseFile file = read_poses(path);
    EXPECT_EQ(file.seed, 42u);
    EXPECT_EQ(file.meta_json, R"({"a": 1})");
    ASSERT_EQ(file.pairs.size(), 3u);
    for (int n = 0; n < 3; ++n) {
        const PosePair &a = pairs[n], &b = file.pairs[n];
        for (int h = 0; h < 2; ++h) {
            EXPECT_EQ(a.pose[h].axis_angle, b.pose[h].axis_angle);
            EXPECT_EQ(a.pose[h].translation, b.pose[h].translation);
            EXPECT_EQ(a.pose[h].shape, b.pose[h].shape);
        }
        EXPECT_EQ(a.id, b.id);
        EXPECT_EQ(a.source, b.source);
        EXPECT_EQ(a.source_id, b.source_id);
        EXPECT_EQ(a.augmentation, b.augmentation);
        EXPECT_EQ(a.attempts, b.attempts);
        EXPECT_EQ(a.naturalness, b.naturalness);
        EXPECT_EQ(a.limit_excess_deg, b.limit_excess_deg);
        EXPECT_EQ(a.penetration_depth_m, b.penetration_depth_m);
        EXPECT_EQ(a.self_penetration_depth_m, b.self_penetration_depth_m);
        EXPECT_EQ(a.contact_area_mm2, b.contact_area_mm2);
        EXPECT_EQ(a.contact_area_1mm_mm2, b.contact_area_1mm_mm2);
        EXPECT_EQ(a.contact_area_5mm_mm2, b.contact_area_5mm_mm2);
        EXPECT_EQ(a.min_distance_m, b.min_distance_m);
        EXPECT_EQ(a.forearm_flexion, b.forearm_flexion);
        EXPECT_EQ(a.forearm_deviation, b.forearm_deviation);
    }
}

TEST(PoseFile, HasTheContractsShapes) {
    const TempFolder folder;
    const auto path = folder.path() / "poses.npz";
    write_poses(path, some_pairs(5), 1, "{}");
    const NpzArrays arrays = read_npz(path);
    const auto shape = [&](const char* name) { return arrays.at(name).shape; };
    using S = std::vector<std::size_t>;
    EXPECT_EQ(shape("pose"), (S{5, 2, 16, 3}));
    EXPECT_EQ(shape("translation"), (S{5, 2, 3}));
    EXPECT_EQ(shape("forearm"), (S{5, 2, 3}));
    EXPECT_EQ(shape("shape"), (S{5, 2, 4}));
    EXPECT_EQ(shape("self_penetration_depth_m"), (S{5, 2}));
    EXPECT_EQ(shape("naturalness"), (S{5, 2}));
    EXPECT_EQ(shape("attempts"), (S{5}));
    EXPECT_EQ(shape("source_id"), (S{5}));
}

TEST(PoseFile, RefusesWrongShapesAndMissingArraysByName) {
    const TempFolder folder;
    const auto path = folder.path() / "other.npz";
    std::map<std::string, NpyOutput> arrays;
    arrays["shape"] = {{{2, 2, 3}, std::vector<double>(12)}, NpyType::Float64};
    arrays["pose"] = {{{2, 2, 15, 3}, std::vector<double>(180)}, NpyType::Float64};
    write_npz(path, arrays);
    try {
        read_poses(path);
        FAIL() << "read a file of 15 joints";
    } catch (const UserError& error) {
        EXPECT_NE(std::string(error.what()).find("\"pose\""), std::string::npos) << error.what();
    }
    arrays.erase("shape");
    write_npz(path, arrays);
    EXPECT_THROW(read_poses(path), UserError);
    EXPECT_THROW(read_poses(folder.path() / "absent.npz"), UserError);
}

TEST(PoseFile, RefusesNumbersThatDoNotFit) {
    const TempFolder folder;
    const auto path = folder.path() / "poses.npz";
    std::vector<PosePair> pairs = some_pairs(2);
    pairs[1].attempts = -5;
    write_poses(path, pairs, 1, "{}");
    EXPECT_THROW(read_poses(path), UserError);
    pairs[1].attempts = 1;
    pairs[0].pose[1].translation.x() = std::nan("");
    write_poses(path, pairs, 1, "{}");
    EXPECT_THROW(read_poses(path), UserError);
}

TEST(PoseFile, DamagedFilesLoadOrAreRefused) {
    const TempFolder folder;
    const auto path = folder.path() / "poses.npz";
    write_poses(path, some_pairs(2), 1, "{}");
    const Bytes original = read_file(path, 1 << 24);
    int refused = 0;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        const Bytes damaged = mutate(original, i);
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(damaged.data()), std::ssize(damaged));
        try {
            read_poses(path);
        } catch (const UserError&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 500);
}

} // namespace
} // namespace rih
