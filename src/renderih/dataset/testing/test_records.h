// SPDX-License-Identifier: Apache-2.0
// Records and members with plausible numbers, for tests: functions of the record's number alone.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/dataset/description.h"
#include "renderih/dataset/tar.h"

namespace rih {

inline Record make_test_record(const DatasetPlan& plan, std::uint64_t number) {
    Rng rng(plan.options().seed, number, "test record");
    const auto vec = [&] { return Vec3{rng.normal(), rng.normal(), rng.normal()}; };
    Record record;
    record.seed = plan.options().seed;
    record.record = number;
    record.pose = plan.pose_of(number);
    record.view = plan.view_of(number);
    record.split = plan.split_of(record.pose);
    record.camera.intrinsics = {rng.uniform(400, 600), rng.uniform(400, 600), 256, 167};
    record.camera.cam_from_world = {
        Eigen::AngleAxisd(rng.uniform(0, 3), vec().normalized()).toRotationMatrix(), vec()};
    record.track = static_cast<int>(rng.uniform_index(4));
    record.azimuth_deg = rng.uniform(-180, 180);
    record.distance_m = rng.uniform(0.4, 1.2);
    for (RecordHand& hand : record.hands) {
        hand.shape = VecX::NullaryExpr(10, [&] { return rng.normal(); });
        for (Vec3& rotation : hand.pose) {
            rotation = vec();
        }
        hand.translation = vec();
        for (std::size_t j = 0; j < 21; ++j) {
            hand.joints_in_cam[j] = vec();
            hand.joints_px[j] = {rng.uniform(0, 512), rng.uniform(0, 334)};
            hand.joint_occluded_by[j] = static_cast<OccludedBy>(rng.uniform_index(5));
            hand.joint_visible[j] = hand.joint_occluded_by[j] == OccludedBy::None;
        }
        hand.bbox_px = {3, 4, 100, 200};
        hand.visible_pixels = 12000;
        hand.amodal_pixels = 15000;
        hand.forearm_rotation = vec();
        hand.forearm_flexion_deg = rng.uniform(-60, 60);
        hand.forearm_deviation_deg = rng.uniform(-20, 20);
    }
    RecordInteraction& interaction = record.interaction;
    interaction.mask_iou = rng.uniform();
    interaction.min_distance_m = rng.uniform(0, 0.01);
    interaction.contact_area_mm2 = rng.uniform(0, 900);
    interaction.contact_vertices = {std::vector<int>{1, 5, 700}, std::vector<int>{}};
    interaction.root_offset_m = vec();
    record.appearance = {.melanin = rng.uniform(),
                         .haemoglobin = rng.uniform(),
                         .ita_deg = rng.uniform(-60, 60),
                         .ita_class = "tan",
                         .monk = 6,
                         .texture = "skin",
                         .environment = "studio \"small\" \xc3\xa9",
                         .skin = {{"contrast", 1.125}},
                         .things = {{"ring", "left", "index", {{"width_mm", 3.25}}},
                                    {"sleeve", "right", "", {{"cuff_mm", 40.0}}}},
                         .environment_rotation_deg = rng.uniform(0, 360),
                         .exposure_ev = rng.normal(),
                         .sensor = {{"read_noise", 0.002}, {"gain", 1.0}}};
    record.provenance = {.source = "open",
                         .source_id = "prayer",
                         .augmentation = 2,
                         .attempts = 3,
                         .naturalness = {0.75, 0.5},
                         .configuration_sha256 = std::string(64, 'd'),
                         .assets_sha256 = std::string(64, 'e')};
    return record;
}

/// Members with the names of a record's pictures and bytes that are no pictures.
inline std::vector<Member> make_test_members(std::uint64_t seed, std::uint64_t number) {
    Rng rng(seed, number, "test members");
    std::vector<Member> members;
    for (const char* name : {"rgb.jpg", "seg.png", "depth.png", "amodal.png"}) {
        Bytes bytes(1 + rng.uniform_index(3000));
        for (std::uint8_t& byte : bytes) {
            byte = static_cast<std::uint8_t>(rng.next_u32());
        }
        members.push_back({name, std::move(bytes)});
    }
    return members;
}

inline DatasetDescription make_test_description(const PlanOptions& plan) {
    return {.plan = plan,
            .configuration_json = R"({"size": [512, 334], "spp": 16, "rgb": {"quality": 95}})",
            .assets = {{"hand", std::string(64, 'a')}, {"environments", std::string(64, 'b')}},
            .generator_version = "0.1.0",
            .generator_sha256 = std::string(64, 'c'),
            .generator_libraries = {{"glibc", "2.36"}, {"libembree3.so.3", std::string(64, '9')}},
            .licences = {{"hand", "Apache-2.0", "somewhere"}, {"skies", "CC0-1.0", "elsewhere"}}};
}

} // namespace rih
