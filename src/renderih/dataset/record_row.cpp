// SPDX-License-Identifier: Apache-2.0
// The flat row of a record: every number that a user would sort or filter by, as one column each.
#include "renderih/dataset/record_parts.h"

#include <algorithm>

namespace rih {

namespace {

void write_point(JsonWriter& out, const std::string& prefix, const Vec3& v) {
    out.field(prefix + "_x_m", v.x());
    out.field(prefix + "_y_m", v.y());
    out.field(prefix + "_z_m", v.z());
}

void write_hand(JsonWriter& out, const std::string& prefix, const RecordHand& hand) {
    const auto count_occluded = [&](OccludedBy by) {
        return static_cast<int>(
            std::count(hand.joint_occluded_by.begin(), hand.joint_occluded_by.end(), by));
    };
    out.field(
        prefix + "visible_joints",
        static_cast<int>(std::count(hand.joint_visible.begin(), hand.joint_visible.end(), true)));
    out.field(prefix + "joints_occluded_by_self", count_occluded(OccludedBy::Self));
    out.field(prefix + "joints_occluded_by_other", count_occluded(OccludedBy::Other));
    out.field(prefix + "joints_outside_frame", count_occluded(OccludedBy::Frame));
    out.field(prefix + "joints_occluded_by_things", count_occluded(OccludedBy::Thing));
    out.field(prefix + "bbox_x_px", hand.bbox_px[0]);
    out.field(prefix + "bbox_y_px", hand.bbox_px[1]);
    out.field(prefix + "bbox_width_px", hand.bbox_px[2]);
    out.field(prefix + "bbox_height_px", hand.bbox_px[3]);
    out.field(prefix + "visible_pixels", hand.visible_pixels);
    out.field(prefix + "amodal_pixels", hand.amodal_pixels);
    write_point(out, prefix + "wrist_in_cam", hand.joints_in_cam[0]);
    out.field(prefix + "forearm_flexion_deg", hand.forearm_flexion_deg);
    out.field(prefix + "forearm_deviation_deg", hand.forearm_deviation_deg);
}

} // namespace

std::string flat_row_json(const Record& record) {
    const RecordInteraction& interaction = record.interaction;
    const RecordAppearance& appearance = record.appearance;
    const RecordProvenance& provenance = record.provenance;
    JsonWriter out;
    out.begin_object();
    out.field("key", record.key());
    out.field("schema", kSchema);
    out.field("seed", record.seed);
    out.field("record", record.record);
    out.field("pose", record.pose);
    out.field("view", record.view);
    out.field("split", name_of(record.split));
    if (record.is_converted()) {
        write_converted_columns(out, record);
        out.end_object();
        return out.take();
    }
    out.field("width", record.camera.width);
    out.field("height", record.camera.height);
    out.field("fx", record.camera.intrinsics.fx);
    out.field("fy", record.camera.intrinsics.fy);
    out.field("cx", record.camera.intrinsics.cx);
    out.field("cy", record.camera.intrinsics.cy);
    out.field("track", record.track);
    out.field("azimuth_deg", record.azimuth_deg);
    out.field("distance_m", record.distance_m);
    write_hand(out, "right_", record.hands[0]);
    write_hand(out, "left_", record.hands[1]);
    out.field("mask_iou", interaction.mask_iou);
    out.field("min_distance_m", interaction.min_distance_m);
    out.field("contact_area_mm2", interaction.contact_area_mm2);
    out.field("right_contact_vertices", std::uint64_t{interaction.contact_vertices[0].size()});
    out.field("left_contact_vertices", std::uint64_t{interaction.contact_vertices[1].size()});
    out.field("penetration_depth_m", interaction.penetration_depth_m);
    out.field("right_self_penetration_depth_m", interaction.self_penetration_depth_m[0]);
    out.field("left_self_penetration_depth_m", interaction.self_penetration_depth_m[1]);
    write_point(out, "root_offset", interaction.root_offset_m);
    out.field("melanin", appearance.melanin);
    out.field("haemoglobin", appearance.haemoglobin);
    out.field("ita_deg", appearance.ita_deg);
    out.field("ita_class", appearance.ita_class);
    out.field("monk", appearance.monk);
    out.field("texture", appearance.texture);
    for (const auto& [name, value] : appearance.skin) {
        out.field("skin_" + name, value);
    }
    for (const char* kind : {"sleeve", "ring", "bracelet", "watch"}) {
        out.field(
            std::string("worn_") + kind,
            static_cast<int>(std::ranges::count(appearance.things, kind, &RecordThing::kind)));
    }
    for (const char* kind : {"table", "wall"}) {
        out.field(
            std::string("near_") + kind,
            static_cast<int>(std::ranges::count(appearance.things, kind, &RecordThing::kind)));
    }
    out.field("environment", appearance.environment);
    out.field("environment_rotation_deg", appearance.environment_rotation_deg);
    out.field("exposure_ev", appearance.exposure_ev);
    for (const auto& [name, value] : appearance.sensor) {
        out.field("sensor_" + name, value);
    }
    out.field("source", provenance.source);
    out.field("source_id", provenance.source_id);
    out.field("augmentation", provenance.augmentation);
    out.field("attempts", provenance.attempts);
    out.field("right_naturalness", provenance.naturalness[0]);
    out.field("left_naturalness", provenance.naturalness[1]);
    out.field("configuration_sha256", provenance.configuration_sha256);
    out.field("assets_sha256", provenance.assets_sha256);
    out.end_object();
    return out.take();
}

} // namespace rih
