// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/record.h"

#include "renderih/base/error.h"
#include "renderih/base/json_fields.h"
#include "renderih/dataset/testing/test_records.h"

#include <gmock/gmock.h>

namespace rih {
namespace {

using testing::HasSubstr;

const DatasetPlan& test_plan() {
    static const DatasetPlan plan({.seed = 7, .poses = 12, .views = 2});
    return plan;
}

std::string error_of(std::string_view json) {
    try {
        record_from_json(json, "file.json");
    } catch (const UserError& error) {
        return error.what();
    }
    return "(no error)";
}

/// The test record's JSON with the first `from` replaced.
std::string edited(std::string_view from, std::string_view to) {
    std::string json = to_json(make_test_record(test_plan(), 3));
    const auto at = json.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return json.replace(at, from.size(), to);
}

TEST(Record, ReadsBackWhatItWroteToTheLastBit) {
    for (std::uint64_t number = 0; number < 24; ++number) {
        const Record record = make_test_record(test_plan(), number);
        const std::string json = to_json(record);
        const Record again = record_from_json(json, "test");
        EXPECT_EQ(to_json(again), json);
        EXPECT_EQ(again.hands[1].pose[7], record.hands[1].pose[7]);
        EXPECT_EQ(again.camera.cam_from_world.rotation, record.camera.cam_from_world.rotation);
        EXPECT_EQ(again.appearance.environment, record.appearance.environment);
        EXPECT_EQ(again.hands[0].joint_occluded_by, record.hands[0].joint_occluded_by);
        EXPECT_EQ(again.split, record.split);
        ASSERT_EQ(again.appearance.things.size(), 2u);
        EXPECT_EQ(again.appearance.things[0].finger, "index");
        EXPECT_EQ(again.appearance.things[1].numbers.at("cuff_mm"), 40.0);
    }
}

TEST(Record, KeepsNumbersThatPrintBadly) {
    Record record = make_test_record(test_plan(), 0);
    const std::array<double, 8> hard = {
        0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -0.0, 9007199254740993.0, 1e22, 2e-5};
    record.hands[0].shape = Eigen::Map<const VecX>(hard.data(), hard.size());
    const Record again = record_from_json(to_json(record), "test");
    for (Eigen::Index i = 0; i < 8; ++i) {
        EXPECT_EQ(std::bit_cast<std::uint64_t>(again.hands[0].shape[i]),
                  std::bit_cast<std::uint64_t>(record.hands[0].shape[i]));
    }
    EXPECT_THAT(to_json(record), HasSubstr("\"shape\":[0.1,"));
}

TEST(Record, WritesTheFieldsOfTheContractInTheirOrder) {
    const OrderedJson json = parse_json(to_json(make_test_record(test_plan(), 5)), "test");
    const auto names = [](const OrderedJson& object) {
        std::string text;
        for (const auto& item : object.items()) {
            text += item.key() + " ";
        }
        return text;
    };
    EXPECT_EQ(names(json),
              "key schema seed record pose view split image camera hands interaction appearance "
              "provenance ");
    EXPECT_EQ(names(json["camera"]), "fx fy cx cy cam_from_world track azimuth_deg distance_m ");
    EXPECT_EQ(names(json["hands"]), "right left ");
    EXPECT_EQ(names(json["hands"]["left"]),
              "shape pose translation joints_in_cam joints_px joint_visible joint_occluded_by "
              "bbox_px visible_pixels amodal_pixels forearm ");
    EXPECT_EQ(names(json["hands"]["left"]["forearm"]), "rotation flexion_deg deviation_deg ");
    EXPECT_EQ(names(json["interaction"]),
              "mask_iou min_distance_m contact_area_mm2 contact_vertices penetration_depth_m "
              "self_penetration_depth_m root_offset_m ");
    EXPECT_EQ(names(json["appearance"]),
              "melanin haemoglobin ita_deg ita_class monk texture skin things environment "
              "environment_rotation_deg "
              "exposure_ev sensor ");
    EXPECT_EQ(
        names(json["provenance"]),
        "source source_id augmentation attempts naturalness configuration_sha256 assets_sha256 ");
    EXPECT_EQ(json["key"], "000000000005");
    EXPECT_EQ(json["pose"], 2);
    EXPECT_EQ(json["view"], 1);
    EXPECT_EQ(json["camera"]["cam_from_world"].size(), 3u);
    EXPECT_EQ(json["camera"]["cam_from_world"][2].size(), 4u);
}

TEST(Record, NamesTheFieldThatIsWrong) {
    EXPECT_THAT(error_of(edited("\"track\":", "\"trick\":")),
                HasSubstr("file.json: camera.track: is missing"));
    EXPECT_THAT(error_of(edited("\"schema\":1", "\"schema\":2")),
                HasSubstr("schema: 2 is outside"));
    EXPECT_THAT(error_of(edited("\"pose\":[[", "\"pose\":[[\"a\",")),
                HasSubstr("hands.right.pose[0]: 4 elements, expected 3"));
    EXPECT_THAT(error_of(edited("\"width\":512", "\"width\":-1")),
                HasSubstr("image.width: -1 is outside 1 .. 16384"));
    EXPECT_THAT(error_of(edited("\"width\":512", "\"width\":512.5")),
                HasSubstr("expected a whole number"));
    EXPECT_THAT(error_of(edited("\"cam_from_world\":[[", "\"cam_from_world\":[[7,")),
                HasSubstr("cam_from_world[0]: 5 elements, expected 4"));
    EXPECT_THAT(error_of(edited("\"split\":\"train\"", "\"split\":\"trains\"")),
                HasSubstr("split: expected train, val or test"));
    EXPECT_THAT(error_of(edited("\"bbox_px\":[3,4,100", "\"bbox_px\":[413,4,100")),
                HasSubstr("hands.right.bbox_px: reaches outside the picture"));
    EXPECT_THAT(error_of(edited("\"view\":", "\"extra\":0,\"view\":")),
                HasSubstr("unknown field 'extra'"));
    EXPECT_THAT(error_of(edited("\"view\":", "\"record\":3,\"view\":")),
                HasSubstr("'record' is given twice"));
    EXPECT_THAT(error_of(edited("\"key\":\"000000000003\"", "\"key\":\"000000000004\"")),
                HasSubstr("key: does not belong to record 3"));
    EXPECT_THAT(error_of(edited("\"fx\":", "\"fx\":1e999,\"f\":")), HasSubstr("not valid JSON"));
    EXPECT_THAT(error_of(edited("\"hand\":\"left\"", "\"hand\":\"both\"")),
                HasSubstr("appearance.things[0].hand: expected right, left or none"));
    EXPECT_THAT(error_of(edited("\"finger\":\"index\"", "\"finger\":\"toe\"")),
                HasSubstr("appearance.things[0].finger: expected thumb"));
    EXPECT_THAT(error_of(edited("\"width_mm\":3.25", "\"width_mm\":\"wide\"")),
                HasSubstr("appearance.things[0].numbers.width_mm"));
    EXPECT_THAT(error_of(edited("\"kind\":\"ring\"", "\"kind\":\"ring\",\"colour\":1")),
                HasSubstr("unknown field 'colour'"));
    EXPECT_THAT(error_of(edited("\"fx\":", "\"fx\":0,\"f\":")),
                HasSubstr("camera.fx: 0 is outside"));
}

TEST(Record, RefusesACameraThatIsNoRotation) {
    Record record = make_test_record(test_plan(), 1);
    record.camera.cam_from_world.rotation *= 1.001;
    EXPECT_THAT(error_of(to_json(record)), HasSubstr("camera.cam_from_world: its first three"));
    record.camera.cam_from_world.rotation = -Mat3::Identity();
    EXPECT_THAT(error_of(to_json(record)), HasSubstr("camera.cam_from_world: its first three"));
}

TEST(Record, RefusesDeepNestingWithoutRecursion) {
    const std::string deep(10'000'000, '[');
    EXPECT_THAT(error_of(deep), HasSubstr("nested deeper than"));
}

TEST(Record, NeverWritesANumberThatJsonCannotSay) {
    Record record = make_test_record(test_plan(), 1);
    record.hands[0].joints_px[3].x() = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THROW(to_json(record), InternalError);
}

TEST(Record, FlatRowHoldsScalarsOnly) {
    Record record = make_test_record(test_plan(), 9);
    record.hands[1].joint_visible.fill(true);
    const OrderedJson row = parse_json(flat_row_json(record), "row");
    for (const auto& item : row.items()) {
        EXPECT_TRUE(item.value().is_primitive()) << item.key();
    }
    EXPECT_EQ(row["left_visible_joints"], 21);
    EXPECT_EQ(row["key"], "000000000009");
    EXPECT_EQ(row["right_contact_vertices"], 3);
    EXPECT_EQ(row["sensor_read_noise"], 0.002);
    EXPECT_EQ(row["skin_contrast"], 1.125);
    EXPECT_EQ(row["worn_ring"], 1);
    EXPECT_EQ(row["worn_watch"], 0);
    EXPECT_EQ(row["ita_class"], "tan");
    EXPECT_EQ(row["left_naturalness"], 0.5);
}

TEST(RecordKey, TakesTwelveDigitsOnly) {
    EXPECT_EQ(record_of_key("000000000042"), 42u);
    EXPECT_EQ(record_key(999'999'999'999), "999999999999");
    for (const char* bad : {"", "42", "00000000004a", "0000000000042", "-00000000042"}) {
        EXPECT_THROW(record_of_key(bad), UserError) << bad;
    }
    EXPECT_THROW(record_key(kMaxRecords), InternalError);
}

} // namespace
} // namespace rih
