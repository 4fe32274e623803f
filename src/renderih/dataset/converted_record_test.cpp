// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"
#include "renderih/base/testing/mutate.h"
#include "renderih/dataset/integrity.h"
#include "renderih/dataset/reader.h"
#include "renderih/dataset/testing/test_dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace rih {
namespace {

using testing::HasSubstr;

DatasetDescription converted_description() {
    DatasetDescription description;
    description.plan.poses = 3;
    description.plan.split_fractions = {0, 0, 1};
    description.configuration_json =
        R"({"converted":{"from":"somewhere","joints_px":"projected"}})";
    description.generator_version = "0.1.0";
    description.generator_sha256 = std::string(64, 'c');
    return description;
}

/// A right hand with parameters and one joint that is missing; no left hand.
Record converted_record(std::uint64_t number) {
    Record record = unlabelled_record();
    record.record = record.pose = number;
    record.split = Split::Test;
    record.data_source = "somewhere";
    record.source_index = "a/b \"c\".jpg";
    record.camera = {64, 48, {500, 510, 32, 24}, {}};
    RecordHand& hand = record.hands[0];
    hand.is_labelled = hand.has_mano = true;
    hand.shape = VecX::LinSpaced(10, -1, 1);
    hand.pose.fill(Vec3(0.1, 0.2, 0.3));
    hand.translation = {1, 2, 3};
    hand.joint_3d_valid = hand.joint_2d_valid = kEveryJoint;
    hand.joints_in_cam.fill(Vec3(0.01, 0.02, 0.5));
    hand.joints_px.fill(Vec2(42, 44));
    hand.joint_3d_valid[4] = hand.joint_2d_valid[7] = false;
    return record;
}

void fill(const std::filesystem::path& dir) {
    const ShardStore store(dir, converted_description());
    for (const ShardId& shard : store.pending()) {
        const auto writer = store.claim(shard);
        for (const std::uint64_t record : writer->missing()) {
            writer->put_record(converted_record(record), {{"rgb.jpg", Bytes{1, 2, 3}}});
        }
        writer->finish(1);
    }
}

std::string error_of(const std::string& json) {
    try {
        record_from_json(json, "record");
    } catch (const UserError& error) {
        return error.what();
    }
    return "";
}

TEST(ConvertedRecord, ComesBackAsItWas) {
    const Record record = converted_record(2);
    const std::string json = to_json(record);
    const Record back = record_from_json(json, "record");
    EXPECT_EQ(to_json(back), json);
    EXPECT_EQ(back.data_source, record.data_source);
    EXPECT_EQ(back.source_index, record.source_index);
    EXPECT_EQ(back.hands[0].shape, record.hands[0].shape);
    EXPECT_EQ(back.hands[0].joints_in_cam, record.hands[0].joints_in_cam);
    EXPECT_FALSE(back.hands[0].joint_3d_valid[4]);
    EXPECT_TRUE(back.hands[0].joint_2d_valid[4]);
    EXPECT_FALSE(back.hands[1].is_labelled);
    EXPECT_TRUE(nlohmann::json::parse(json)["hands"]["left"].is_null());
    // What nobody knows is told by nothing, not by zero.
    EXPECT_TRUE(std::isnan(back.interaction.mask_iou));
    EXPECT_TRUE(std::isnan(back.appearance.ita_deg));
    EXPECT_FALSE(nlohmann::json::parse(flat_row_json(record)).contains("mask_iou"));
}

TEST(ConvertedRecord, AGeneratedOneHasEverything) {
    const DatasetPlan plan({.poses = 10});
    const Record record = record_from_json(to_json(make_test_record(plan, 3)), "record");
    EXPECT_FALSE(record.is_converted());
    for (const RecordHand& hand : record.hands) {
        EXPECT_TRUE(hand.is_labelled && hand.has_mano);
        EXPECT_EQ(hand.joint_3d_valid, kEveryJoint);
        EXPECT_EQ(hand.joint_2d_valid, kEveryJoint);
    }
}

TEST(ConvertedRecord, NamesWhatIsWrong) {
    nlohmann::ordered_json json = nlohmann::ordered_json::parse(to_json(converted_record(0)));
    const auto with = [&](const char* pointer, const nlohmann::ordered_json& value) {
        nlohmann::ordered_json changed = json;
        changed[nlohmann::ordered_json::json_pointer(pointer)] = value;
        return error_of(changed.dump());
    };
    EXPECT_THAT(with("/hands/right/has_mano", false), HasSubstr("hands.right.shape"));
    EXPECT_THAT(with("/hands/right/pose", nullptr), HasSubstr("hands.right.pose"));
    EXPECT_THAT(with("/hands/right/joint_2d_valid/3", 1), HasSubstr("joint_2d_valid[3]"));
    EXPECT_THAT(with("/hands/right/joints_in_cam/3", {0, 0, 1e300}), HasSubstr("beyond"));
    EXPECT_THAT(with("/camera/intr_type", "none"), HasSubstr("camera.intr_type"));
    EXPECT_THAT(with("/interaction", 1), HasSubstr("unknown field 'interaction'"));
    EXPECT_THAT(with("/data_source", ""), HasSubstr("data_source"));
    EXPECT_EQ(with("/hands/right", nullptr), "");
}

TEST(ConvertedRecord, ASetOfThemIsWrittenReadAndChecked) {
    const TempFolder folder;
    fill(folder.path());
    EXPECT_TRUE(check_integrity(folder.path()).empty());
    const DatasetReader reader(folder.path());
    EXPECT_EQ(data_source_of(reader.description()), "somewhere");
    EXPECT_EQ(reader.record_count(), 3u);
    EXPECT_EQ(reader.shards().front().shard.name(), "test/00000");
    const auto shard = reader.open_shard(reader.shards().front().shard);
    EXPECT_FALSE(shard->has_member(1, "seg.png"));
    EXPECT_EQ(to_json(shard->record(1)), to_json(converted_record(1)));
    EXPECT_THAT(read_text_file(folder.path() / "README.md", 1 << 20), HasSubstr("somewhere"));
}

TEST(ConvertedRecord, DamagedOnesAreRefusedOrRead) {
    const std::string json = to_json(converted_record(0));
    int refused = 0;
    for (std::uint64_t i = 0; i < 2000; ++i) {
        const Bytes damaged = mutate(as_bytes(json), i);
        const std::string error =
            error_of({reinterpret_cast<const char*>(damaged.data()), damaged.size()});
        EXPECT_EQ(error.find('\n'), std::string::npos) << error;
        refused += !error.empty();
    }
    EXPECT_GT(refused, 1000);
}

} // namespace
} // namespace rih
