// SPDX-License-Identifier: Apache-2.0
#include "renderih/report/rows.h"

#include "renderih/base/error.h"
#include "renderih/dataset/testing/test_records.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace rih {
namespace {

using testing::ElementsAre;

const DatasetPlan kPlan({.seed = 7, .poses = 10, .views = 2});

TEST(Rows, HoldTheRecordInTheUnitsOfTheirNames) {
    Record record = make_test_record(kPlan, 5);
    record.interaction.min_distance_m = 0.0015;
    record.interaction.contact_area_mm2 = 250;
    record.interaction.self_penetration_depth_m = {0.001, 0.002};
    const PageRow row = row_of(record);
    EXPECT_EQ(row.record, 5u);
    EXPECT_EQ(row.pose, 2u);
    EXPECT_EQ(row.view, 1);
    EXPECT_DOUBLE_EQ(row.min_distance_mm, 1.5);
    EXPECT_DOUBLE_EQ(row.contact_cm2, 2.5);
    EXPECT_THAT(row.self_penetration_mm, ElementsAre(1, 2));
    EXPECT_EQ(row.visible_joints[1], std::ranges::count(record.hands[1].joint_visible, true));
}

TEST(Rows, TellWornFromNearAndCountAKindOnce) {
    Record record = make_test_record(kPlan, 0);
    record.appearance.things = {{"ring", "left", "index", {}},
                                {"ring", "right", "thumb", {}},
                                {"bracelet", "left", "", {}},
                                {"table", "none", "", {}}};
    const PageRow row = row_of(record);
    EXPECT_THAT(row.worn, ElementsAre("bracelet", "ring"));
    EXPECT_THAT(row.near, ElementsAre("table"));
}

TEST(Rows, PlacesHaveTheirKind) {
    EXPECT_EQ(place_of_environment("outdoor-0001"), "meadow"); // the catalogue's first outdoors
    EXPECT_EQ(place_of_environment("room-0000"), "living room");
    EXPECT_EQ(place_of_environment("blender_forest"), "captured map");
    EXPECT_EQ(place_of_environment(""), "unknown");
    EXPECT_EQ(place_of_environment("room-0001"), "other"); // odd numbers are outdoors
    EXPECT_EQ(place_of_environment("room-00x1"), "captured map");
    EXPECT_EQ(place_of_environment("room--001"), "captured map");
}

TEST(Rows, ColumnsHaveOneEntryARow) {
    std::vector<PageRow> rows;
    for (std::uint64_t number = 0; number < 7; ++number) {
        rows.push_back(row_of(make_test_record(kPlan, number)));
    }
    rows[3].naturalness[0] = std::nan("");
    rows[4].worn = {};
    rows[5].mask_iou = 0.123456;
    const auto json = columns_json(rows);
    EXPECT_EQ(json.size(), number_columns().size() + word_columns().size());
    for (const NumberColumn& column : number_columns()) {
        EXPECT_EQ(json.at(std::string(column.name)).size(), rows.size()) << column.name;
    }
    EXPECT_TRUE(json.at("right_naturalness")[3].is_null());
    EXPECT_EQ(json.at("mask_iou")[5], 0.123);
    EXPECT_EQ(json.at("record")[6].dump(), "6"); // whole numbers stay whole
    const auto& worn = json.at("worn");
    EXPECT_EQ(worn.at("values").dump(), R"(["ring","sleeve"])");
    EXPECT_EQ(worn.at("rows")[0].dump(), "[0,1]");
    EXPECT_EQ(worn.at("rows")[4].dump(), "[]");
    EXPECT_EQ(json.at("source_id").at("rows")[2].dump(), "0"); // always one word
}

TEST(Rows, UnknownColumnsAreOurMistake) {
    EXPECT_THROW(number_column("nothing"), InternalError);
    EXPECT_THROW(word_column("mask_iou"), InternalError);
}

} // namespace
} // namespace rih
