// SPDX-License-Identifier: Apache-2.0
// Reads a record's JSON: each field is asked for by name with its type, size and range.
#include "renderih/base/error.h"
#include "renderih/base/json_fields.h"
#include "renderih/dataset/record_parts.h"

#include <algorithm>

namespace rih {

namespace {

constexpr int kMaxSide = 16384;               // pixels
constexpr std::size_t kMaxContacts = 1000000; // vertices
constexpr std::size_t kMaxSensorFields = 100, kMaxSkinFields = 100;
constexpr std::size_t kMaxThings = 32, kMaxThingNumbers = 64;
constexpr std::array<OccludedBy, 5> kOccluders = {
    OccludedBy::None, OccludedBy::Self, OccludedBy::Other, OccludedBy::Frame, OccludedBy::Thing};
constexpr std::array<const char*, 3> kThingHands = {"right", "left", "none"};
constexpr std::array<const char*, 5> kFingers = {"thumb", "index", "middle", "ring", "pinky"};

constexpr std::int64_t kMaxInt = std::numeric_limits<int>::max();

int read_int(const JsonValue& value, std::int64_t low, std::int64_t high) {
    return static_cast<int>(value.integer(low, high));
}

void read_camera(JsonObject fields, Record& record) {
    constexpr double kHuge = std::numeric_limits<double>::max();
    read_pinhole(fields, record.camera);
    record.track = read_int(fields.at("track"), 0, kMaxInt);
    record.azimuth_deg = fields.at("azimuth_deg").number();
    record.distance_m = fields.at("distance_m").number(0, kHuge);
    fields.finish();
}

void read_hand(JsonObject fields, const Camera& camera, RecordHand& hand) {
    hand.shape = read_shape(fields.at("shape"));
    read_vecs(fields.at("pose"), hand.pose);
    hand.translation = read_vec<3>(fields.at("translation"));
    read_vecs(fields.at("joints_in_cam"), hand.joints_in_cam);
    read_vecs(fields.at("joints_px"), hand.joints_px);
    const auto visible = fields.at("joint_visible").elements(21);
    const auto occluded_by = fields.at("joint_occluded_by").elements(21);
    for (std::size_t j = 0; j < 21; ++j) {
        hand.joint_visible[j] = visible[j].boolean();
        const std::string name = occluded_by[j].text(16);
        const auto found = std::ranges::find_if(
            kOccluders, [&](OccludedBy occluder) { return name == name_of(occluder); });
        if (found == kOccluders.end()) {
            occluded_by[j].fail("expected none, self, other, frame or thing");
        }
        hand.joint_occluded_by[j] = *found;
    }
    const JsonValue bbox_value = fields.at("bbox_px");
    const auto bbox = bbox_value.elements(4);
    for (std::size_t i = 0; i < 4; ++i) {
        hand.bbox_px[i] = read_int(bbox[i], 0, kMaxSide);
    }
    if (hand.bbox_px[0] + hand.bbox_px[2] > camera.width ||
        hand.bbox_px[1] + hand.bbox_px[3] > camera.height) {
        bbox_value.fail("reaches outside the picture");
    }
    const std::int64_t pixels = std::int64_t{camera.width} * camera.height;
    hand.visible_pixels = read_int(fields.at("visible_pixels"), 0, pixels);
    hand.amodal_pixels = read_int(fields.at("amodal_pixels"), 0, pixels);
    JsonObject forearm = fields.object("forearm");
    hand.forearm_rotation = read_vec<3>(forearm.at("rotation"));
    hand.forearm_flexion_deg = forearm.at("flexion_deg").number();
    hand.forearm_deviation_deg = forearm.at("deviation_deg").number();
    forearm.finish();
    fields.finish();
}

void read_interaction(JsonObject fields, RecordInteraction& interaction) {
    interaction.mask_iou = fields.at("mask_iou").number(0, 1);
    interaction.min_distance_m = fields.at("min_distance_m").number();
    interaction.contact_area_mm2 = fields.at("contact_area_mm2").number();
    JsonObject contacts = fields.object("contact_vertices");
    for (std::size_t side = 0; side < 2; ++side) {
        auto& vertices = interaction.contact_vertices[side];
        vertices.clear();
        for (const JsonValue& vertex : contacts.at(kHandNames[side]).elements(0, kMaxContacts)) {
            vertices.push_back(read_int(vertex, 0, kMaxInt));
        }
    }
    contacts.finish();
    interaction.penetration_depth_m = fields.at("penetration_depth_m").number();
    const auto self = fields.at("self_penetration_depth_m").elements(2);
    interaction.self_penetration_depth_m = {self[0].number(), self[1].number()};
    interaction.root_offset_m = read_vec<3>(fields.at("root_offset_m"));
    fields.finish();
}

RecordThing read_thing(JsonObject fields) {
    RecordThing thing;
    thing.kind = fields.at("kind").text(32, 1);
    const JsonValue hand = fields.at("hand");
    thing.hand = hand.text(16);
    if (std::ranges::find(kThingHands, thing.hand) == kThingHands.end()) {
        hand.fail("expected right, left or none");
    }
    if (fields.has("finger")) {
        const JsonValue finger = fields.at("finger");
        thing.finger = finger.text(16);
        if (std::ranges::find(kFingers, thing.finger) == kFingers.end()) {
            finger.fail("expected thumb, index, middle, ring or pinky");
        }
    }
    JsonObject numbers = fields.object("numbers");
    for (const std::string& name : numbers.names(kMaxThingNumbers)) {
        thing.numbers[name] = numbers.at(name).number();
    }
    fields.finish();
    return thing;
}

void read_appearance(JsonObject fields, RecordAppearance& appearance) {
    appearance.melanin = fields.at("melanin").number();
    appearance.haemoglobin = fields.at("haemoglobin").number();
    appearance.ita_deg = fields.at("ita_deg").number();
    appearance.ita_class = fields.at("ita_class").text();
    appearance.monk = read_int(fields.at("monk"), 1, 10);
    appearance.texture = fields.at("texture").text();
    JsonObject skin = fields.object("skin");
    for (const std::string& name : skin.names(kMaxSkinFields)) {
        appearance.skin[name] = skin.at(name).number();
    }
    for (const JsonValue& thing : fields.at("things").elements(0, kMaxThings)) {
        appearance.things.push_back(read_thing(JsonObject(thing)));
    }
    appearance.environment = fields.at("environment").text();
    appearance.environment_rotation_deg = fields.at("environment_rotation_deg").number();
    appearance.exposure_ev = fields.at("exposure_ev").number();
    JsonObject sensor = fields.object("sensor");
    for (const std::string& name : sensor.names(kMaxSensorFields)) {
        appearance.sensor[name] = sensor.at(name).number();
    }
    fields.finish();
}

void read_provenance(JsonObject fields, RecordProvenance& provenance) {
    provenance.source = fields.at("source").text();
    provenance.source_id = fields.at("source_id").text();
    provenance.augmentation = read_int(fields.at("augmentation"), -kMaxInt, kMaxInt);
    provenance.attempts = read_int(fields.at("attempts"), 0, kMaxInt);
    const auto naturalness = fields.at("naturalness").elements(2);
    provenance.naturalness = {naturalness[0].number(), naturalness[1].number()};
    provenance.configuration_sha256 = fields.at("configuration_sha256").sha256();
    provenance.assets_sha256 = fields.at("assets_sha256").sha256();
    fields.finish();
}

} // namespace

Record record_from_json(std::string_view json, const std::string& what) {
    const OrderedJson document = parse_json(json, what);
    JsonObject fields(JsonValue(document, what));
    fields.at("schema").integer(kSchema, kSchema);
    Record record;
    const JsonValue key = fields.at("key");
    if (!is_record_key(key.text(12))) {
        key.fail("expected 12 digits");
    }
    record.seed = fields.at("seed").unsigned_integer();
    record.record = fields.at("record").unsigned_integer(kMaxRecords - 1);
    if (key.text() != record.key()) {
        key.fail(fmt::format("does not belong to record {}", record.record));
    }
    record.pose = fields.at("pose").unsigned_integer(kMaxRecords - 1);
    record.view = read_int(fields.at("view"), 0, kMaxInt);
    const JsonValue split = fields.at("split");
    try {
        record.split = split_of_name(split.text(16));
    } catch (const UserError&) {
        split.fail("expected train, val or test");
    }
    if (fields.has("data_source")) {
        read_converted_fields(fields, record);
        fields.finish();
        return record;
    }
    read_image(fields.object("image"), record.camera);
    read_camera(fields.object("camera"), record);
    JsonObject hands = fields.object("hands");
    for (std::size_t side = 0; side < 2; ++side) {
        read_hand(hands.object(kHandNames[side]), record.camera, record.hands[side]);
    }
    hands.finish();
    read_interaction(fields.object("interaction"), record.interaction);
    read_appearance(fields.object("appearance"), record.appearance);
    read_provenance(fields.object("provenance"), record.provenance);
    fields.finish();
    return record;
}

} // namespace rih
