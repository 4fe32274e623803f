// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/hand_shapes.h"

#include "renderih/base/error.h"
#include "renderih/base/testing/mutate.h"
#include "renderih/posing/sources/arrangements.h"
#include "renderih/posing/sources/asset_files.h"
#include "renderih/posing/sources/testing/temp_assets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace rih {
namespace {

using testing::HasSubstr;

std::string error_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

std::string shape_file(const std::string& thumb) {
    const std::string row = "[0, 0, 0, 0]";
    return R"({"schema": 1, "shapes": [{"name": "a", "description": "b", "thumb": )" + thumb +
           R"(, "index": )" + row + R"(, "middle": )" + row + R"(, "ring": )" + row +
           R"(, "pinky": )" + row + "}]}";
}

TEST(HandShapes, CommittedShapesAreManyDistinctAndWithinTable2) {
    const TempAssets files;
    const std::vector<HandShape> shapes =
        read_authored_shapes(files.committed("poses/hand_shapes.json"));
    EXPECT_GE(shapes.size(), 25u);
    for (std::size_t a = 0; a < shapes.size(); ++a) {
        EXPECT_LT(max_limit_excess(shapes[a].angles), 1e-12) << shapes[a].name;
        for (std::size_t b = 0; b < a; ++b) {
            double difference = 0;
            for (int j = 0; j < kFingerJointCount; ++j) {
                difference += std::abs(shapes[a].angles[j].bend - shapes[b].angles[j].bend) +
                              std::abs(shapes[a].angles[j].splay - shapes[b].angles[j].splay);
            }
            EXPECT_GT(difference, 10 * kDegree) << shapes[a].name << " = " << shapes[b].name;
        }
    }
}

TEST(HandShapes, RowsGoToTheirFingersJoints) {
    const TempAssets files;
    for (const HandShape& shape : read_authored_shapes(files.committed("poses/hand_shapes.json"))) {
        if (shape.name == "point") { // index straight, the others closed
            EXPECT_LT(shape.angles[0].bend, 10 * kDegree);
            for (const int root : {3, 6, 9}) {
                EXPECT_GT(shape.angles[root].bend, 50 * kDegree);
            }
        }
        if (shape.name == "spread") { // index and little finger part
            EXPECT_GT(shape.angles[0].splay, 5 * kDegree);
            EXPECT_LT(shape.angles[6].splay, -5 * kDegree);
        }
    }
}

TEST(HandShapes, AnAngleOutsideTable2IsRefusedByName) {
    const TempFolder folder;
    const auto path = folder.path() / "shapes.json";
    write_file_atomically(path, shape_file("[0, 60, 0, 0]"));
    const std::string message = error_of([&] { read_authored_shapes(path); });
    EXPECT_THAT(message, HasSubstr("thumb2"));
    EXPECT_THAT(message, HasSubstr("Table 2"));
    write_file_atomically(path, shape_file("[0, 50, 0, 0]"));
    EXPECT_EQ(read_authored_shapes(path).size(), 1u);
    write_file_atomically(path, shape_file("[0, 50, 0]"));
    EXPECT_THAT(error_of([&] { read_authored_shapes(path); }), HasSubstr("thumb has 3 elements"));
}

TEST(HandShapes, PackageTakesAreClampedAndNamedAfterTheirPackage) {
    const TempAssets files;
    const std::vector<HandShape> shapes =
        read_package_shapes(files.assets() / "poses/packages.json");
    ASSERT_EQ(shapes.size(), 2u);
    EXPECT_EQ(shapes[1].name, "made-up/curl");
    EXPECT_NEAR(shapes[1].angles[2].bend, 90 * kDegree, 1e-12);
    EXPECT_NEAR(shapes[1].angles[12].splay, 20 * kDegree, 1e-12);
}

TEST(HandShapes, VariationStaysWithinTable2AndNearTheShape) {
    const std::vector<HandShape> shapes = load_hand_shapes(TempAssets().assets());
    for (std::uint64_t i = 0; i < 200; ++i) {
        Rng rng(1, i, "test");
        const FingerAngles& shape = shapes[i % shapes.size()].angles;
        const FingerAngles varied = vary_naturally(shape, 1, rng);
        EXPECT_LT(max_limit_excess(varied), 1e-12);
        for (int j = 0; j < kFingerJointCount; ++j) {
            EXPECT_LT(std::abs(varied[j].bend - shape[j].bend), 17 * kDegree);
            EXPECT_EQ(varied[j].twist, 0);
        }
    }
}

TEST(HandShapes, AMissingFileNamesBothPlaces) {
    const TempFolder folder;
    const std::string message =
        error_of([&] { load_hand_shapes(folder.path() / "build" / "assets"); });
    EXPECT_THAT(message, HasSubstr("hand_shapes.json"));
    EXPECT_EQ(message.find('\n'), std::string::npos);
}

TEST(HandShapes, DamagedFilesLoadOrGiveAUserError) {
    const TempAssets files;
    const TempFolder folder;
    const auto path = folder.path() / "damaged.json";
    for (const char* name : {"poses/hand_shapes.json", "poses/arrangements.json"}) {
        const Bytes original = read_file(files.committed(name), 1 << 24);
        int refused = 0;
        for (std::uint64_t i = 0; i < 500; ++i) {
            write_plainly(path, mutate(original, i));
            refused += !error_of([&] {
                            if (name[6] == 'h') {
                                read_authored_shapes(path);
                            } else {
                                read_arrangements(path);
                            }
                        }).empty();
        }
        EXPECT_GT(refused, 250);
    }
}

TEST(Arrangements, CommittedOnesHaveTheFamiliesAskedFor) {
    const TempAssets files;
    std::set<std::string> names;
    for (const Arrangement& a : read_arrangements(files.committed("poses/arrangements.json"))) {
        names.insert(a.name);
        for (const ArrangedHand& hand : a.hands) {
            EXPECT_NEAR(hand.fingers.dot(hand.palm), 0, 1e-12) << a.name;
        }
    }
    for (const char* family : {"clap",
                               "prayer",
                               "interlaced",
                               "fist_in_palm",
                               "point_at_palm",
                               "finger_to_finger",
                               "hand_over_hand",
                               "crossed",
                               "pinch_finger",
                               "cupped_hands",
                               "near"}) {
        EXPECT_TRUE(names.contains(family)) << family;
    }
}

} // namespace
} // namespace rih
