// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/hand_shapes.h"

#include "renderih/base/error.h"
#include "renderih/base/testing/mutate.h"
#include "renderih/posing/sources/arrangements.h"
#include "renderih/posing/sources/asset_files.h"
#include "renderih/posing/sources/testing/temp_assets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
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
    EXPECT_GE(shapes.size(), 150u);
    for (std::size_t a = 0; a < shapes.size(); ++a) {
        EXPECT_LT(max_limit_excess(shapes[a].angles), 1e-12) << shapes[a].name;
        for (std::size_t b = 0; b < a; ++b) {
            EXPECT_GT(shape_distance(shapes[a].angles, shapes[b].angles), kDistinctShapes)
                << shapes[a].name << " = " << shapes[b].name;
        }
    }
}

TEST(HandShapes, EveryLetterIsThereAndEveryTagIsAGroup) {
    const TempAssets files;
    std::set<std::string> names;
    std::map<std::string, int> tags;
    for (const HandShape& shape : read_authored_shapes(files.committed("poses/hand_shapes.json"))) {
        names.insert(shape.name);
        names.insert(shape.also.begin(), shape.also.end());
        EXPECT_FALSE(shape.tags.empty()) << shape.name;
        for (const std::string& tag : shape.tags) {
            ++tags[tag];
        }
    }
    // J and Z are drawn in the air with the shapes of I and of pointing, P, Q and U are K, G and H
    // turned.
    for (const char letter : std::string("abcdefghijklmnopqrstuvwxyz")) {
        EXPECT_TRUE(names.contains(std::string("letter_") + letter)) << letter;
    }
    for (const auto& [tag, count] : tags) {
        EXPECT_GE(count, 4) << tag << " is a slip of the pen?";
    }
    for (const char* tag : {"letter", "count", "grasp", "gesture", "rest", "tool", "cradle"}) {
        EXPECT_TRUE(tags.contains(tag)) << tag;
    }
}

TEST(HandShapes, LooseAndTogetherReachTheirFingers) {
    const TempFolder folder;
    const auto path = folder.path() / "shapes.json";
    const auto with = [&](const std::string& fields) {
        std::string text = shape_file("[0, 0, 0, 0]");
        text.replace(text.find("\"thumb\""), 0, fields);
        write_file_atomically(path, std::string_view(text));
    };
    with(R"("loose": [1, 2, 3, 4, 5], "together": [["ring", "pinky"]], "tags": ["x"],)");
    const HandShape shape = read_authored_shapes(path).front();
    const std::array<double, 5> degrees{2, 3, 5, 4, 1}; // index, middle, little, ring, thumb
    for (std::size_t finger = 0; finger < 5; ++finger) {
        EXPECT_NEAR(shape.freedom.loose[finger], degrees[finger] * kDegree, 1e-12);
    }
    EXPECT_EQ(shape.freedom.group[3], shape.freedom.group[2]);
    EXPECT_NE(shape.freedom.group[0], shape.freedom.group[1]);
    EXPECT_EQ(shape.tags, std::vector<std::string>{"x"});
    with(R"("together": [["ring", "pinky"], ["ring", "thumb"]],)");
    EXPECT_THAT(error_of([&] { read_authored_shapes(path); }), HasSubstr("two groups"));
    with(R"("together": [["ring", "toe"]],)");
    EXPECT_THAT(error_of([&] { read_authored_shapes(path); }), HasSubstr("names no finger"));
    with(R"("loose": -1,)");
    EXPECT_NE(error_of([&] { read_authored_shapes(path); }), "");
    with(R"("also": ["a"],)");
    EXPECT_THAT(error_of([&] { read_authored_shapes(path); }), HasSubstr("twice"));
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
    EXPECT_THAT(error_of([&] { read_authored_shapes(path); }),
                testing::AllOf(HasSubstr("thumb"), HasSubstr("3 elements")));
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
        for (std::uint64_t i = 0; i < 300; ++i) {
            write_plainly(path, mutate(original, i));
            refused += !error_of([&] {
                            if (name[6] == 'h') {
                                read_authored_shapes(path);
                            } else {
                                read_arrangements(path);
                            }
                        }).empty();
        }
        EXPECT_GT(refused, 150);
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
    EXPECT_GE(names.size(), 30u);
    for (const char* family :
         {"prayer",          "clap",          "interlaced",  "fist_in_palm",   "cupped_hands",
          "hand_over_hand",  "back_to_back",  "wrist_held",  "steeple",        "heart",
          "frame",           "time_out",      "crossed",     "rubbing",        "pinch_finger",
          "counting",        "point_at_palm", "thumb_fight", "fingers_hooked", "pinkies_linked",
          "letters_on_palm", "near",          "free"}) {
        EXPECT_TRUE(names.contains(family)) << family;
    }
}

TEST(Arrangements, HandsThatMeetSayWhatTouches) {
    const TempAssets files;
    for (const Arrangement& a : read_arrangements(files.committed("poses/arrangements.json"))) {
        constexpr double kTouching = 0.002; // m; families that stay apart begin at more
        EXPECT_EQ(a.contacts.empty(), a.gap[0] >= kTouching && a.gap[1] > 0.02) << a.name;
    }
}

} // namespace
} // namespace rih
