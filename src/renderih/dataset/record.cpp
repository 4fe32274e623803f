// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/record.h"

#include "renderih/base/error.h"
#include "renderih/dataset/json_writer.h"
#include "renderih/dataset/record_parts.h"

#include <fmt/format.h>

#include <algorithm>

namespace rih {

namespace {

void write_camera(JsonWriter& out, const Record& record) {
    out.key("camera");
    out.begin_object();
    write_pinhole(out, record.camera);
    out.field("track", record.track);
    out.field("azimuth_deg", record.azimuth_deg);
    out.field("distance_m", record.distance_m);
    out.end_object();
}

void write_hand(JsonWriter& out, const RecordHand& hand) {
    out.begin_object();
    write_vec(out, "shape", hand.shape);
    write_vecs(out, "pose", hand.pose);
    write_vec(out, "translation", hand.translation);
    write_vecs(out, "joints_in_cam", hand.joints_in_cam);
    write_vecs(out, "joints_px", hand.joints_px);
    out.array("joint_visible", hand.joint_visible);
    out.key("joint_occluded_by");
    out.begin_array();
    for (const OccludedBy occluder : hand.joint_occluded_by) {
        out.value(name_of(occluder));
    }
    out.end_array();
    out.array("bbox_px", hand.bbox_px);
    out.field("visible_pixels", hand.visible_pixels);
    out.field("amodal_pixels", hand.amodal_pixels);
    out.key("forearm");
    out.begin_object();
    write_vec(out, "rotation", hand.forearm_rotation);
    out.field("flexion_deg", hand.forearm_flexion_deg);
    out.field("deviation_deg", hand.forearm_deviation_deg);
    out.end_object();
    out.end_object();
}

void write_interaction(JsonWriter& out, const RecordInteraction& interaction) {
    out.key("interaction");
    out.begin_object();
    out.field("mask_iou", interaction.mask_iou);
    out.field("min_distance_m", interaction.min_distance_m);
    out.field("contact_area_mm2", interaction.contact_area_mm2);
    out.key("contact_vertices");
    out.begin_object();
    for (std::size_t side = 0; side < 2; ++side) {
        out.array(kHandNames[side], interaction.contact_vertices[side]);
    }
    out.end_object();
    out.field("penetration_depth_m", interaction.penetration_depth_m);
    out.array("self_penetration_depth_m", interaction.self_penetration_depth_m);
    write_vec(out, "root_offset_m", interaction.root_offset_m);
    out.end_object();
}

void write_appearance(JsonWriter& out, const RecordAppearance& appearance) {
    out.key("appearance");
    out.begin_object();
    out.field("melanin", appearance.melanin);
    out.field("haemoglobin", appearance.haemoglobin);
    out.field("ita_deg", appearance.ita_deg);
    out.field("ita_class", appearance.ita_class);
    out.field("monk", appearance.monk);
    out.field("texture", appearance.texture);
    out.key("skin");
    out.begin_object();
    for (const auto& [name, value] : appearance.skin) {
        out.field(name, value);
    }
    out.end_object();
    out.key("things");
    out.begin_array();
    for (const RecordThing& thing : appearance.things) {
        out.begin_object();
        out.field("kind", thing.kind);
        out.field("hand", thing.hand);
        if (!thing.finger.empty()) {
            out.field("finger", thing.finger);
        }
        out.key("numbers");
        out.begin_object();
        for (const auto& [name, value] : thing.numbers) {
            out.field(name, value);
        }
        out.end_object();
        out.end_object();
    }
    out.end_array();
    out.field("environment", appearance.environment);
    out.field("environment_rotation_deg", appearance.environment_rotation_deg);
    out.field("exposure_ev", appearance.exposure_ev);
    out.key("sensor");
    out.begin_object();
    for (const auto& [name, value] : appearance.sensor) {
        out.field(name, value);
    }
    out.end_object();
    out.end_object();
}

void write_provenance(JsonWriter& out, const RecordProvenance& provenance) {
    out.key("provenance");
    out.begin_object();
    out.field("source", provenance.source);
    out.field("source_id", provenance.source_id);
    out.field("augmentation", provenance.augmentation);
    out.field("attempts", provenance.attempts);
    out.array("naturalness", provenance.naturalness);
    out.field("configuration_sha256", provenance.configuration_sha256);
    out.field("assets_sha256", provenance.assets_sha256);
    out.end_object();
}

} // namespace

std::string_view name_of(Split split) {
    switch (split) {
    case Split::Train:
        return "train";
    case Split::Val:
        return "val";
    case Split::Test:
        return "test";
    }
    RIH_ASSERT(false, "a split that does not exist");
}

Split split_of_name(std::string_view name) {
    for (const Split split : {Split::Train, Split::Val, Split::Test}) {
        if (name == name_of(split)) {
            return split;
        }
    }
    throw_user_error("'{}' is no split: expected train, val or test", name);
}

std::string_view name_of(OccludedBy occluder) {
    switch (occluder) {
    case OccludedBy::None:
        return "none";
    case OccludedBy::Self:
        return "self";
    case OccludedBy::Other:
        return "other";
    case OccludedBy::Frame:
        return "frame";
    case OccludedBy::Thing:
        return "thing";
    }
    RIH_ASSERT(false, "an occluder that does not exist");
}

std::string record_key(std::uint64_t record) {
    RIH_ASSERT(record < kMaxRecords, "record {} has more than 12 digits", record);
    return fmt::format("{:012}", record);
}

bool is_record_key(std::string_view key) {
    return key.size() == 12 &&
           std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::uint64_t record_of_key(std::string_view key) {
    RIH_REQUIRE(is_record_key(key), "'{}' is no record key: expected 12 digits", key);
    std::uint64_t record = 0;
    for (const char c : key) {
        record = record * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return record;
}

std::string Record::key() const {
    return record_key(record);
}

std::string to_json(const Record& record) {
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
        write_converted_fields(out, record);
        out.end_object();
        return out.take();
    }
    write_image(out, record.camera);
    write_camera(out, record);
    out.key("hands");
    out.begin_object();
    for (std::size_t side = 0; side < 2; ++side) {
        out.key(kHandNames[side]);
        write_hand(out, record.hands[side]);
    }
    out.end_object();
    write_interaction(out, record.interaction);
    write_appearance(out, record.appearance);
    write_provenance(out, record.provenance);
    out.end_object();
    return out.take();
}

} // namespace rih
