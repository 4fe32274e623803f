// SPDX-License-Identifier: Apache-2.0
// Records that were converted from others' data sets: fewer fields than ours, and each hand says
// what of it is known. A hand of which nothing is known is null, and so are parameters that are
// not.
#include "renderih/dataset/record_parts.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rih {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kIntrinsicsType = "real"; // of every source that is read so far
constexpr double kRotationLimit = 1e3, kPlaceLimit = 1e4, kShapeLimit = 1e3, kPixelLimit = 1e7;

void write_hand(JsonWriter& out, const RecordHand& hand) {
    if (!hand.is_labelled) {
        out.null();
        return;
    }
    out.begin_object();
    out.field("has_mano", hand.has_mano);
    if (hand.has_mano) {
        write_vec(out, "shape", hand.shape);
        write_vecs(out, "pose", hand.pose);
        write_vec(out, "translation", hand.translation);
    } else {
        for (const char* name : {"shape", "pose", "translation"}) {
            out.key(name);
            out.null();
        }
    }
    write_vecs(out, "joints_in_cam", hand.joints_in_cam);
    out.array("joint_3d_valid", hand.joint_3d_valid);
    write_vecs(out, "joints_px", hand.joints_px);
    out.array("joint_2d_valid", hand.joint_2d_valid);
    out.end_object();
}

JointFlags read_flags(const JsonValue& value) {
    JointFlags flags{};
    const auto elements = value.elements(flags.size());
    std::ranges::transform(
        elements, flags.begin(), [](const JsonValue& flag) { return flag.boolean(); });
    return flags;
}

template <typename Vecs>
void check_within(const Vecs& vecs, double limit, const JsonValue& value) {
    for (const auto& v : vecs) {
        if (!(v.cwiseAbs().maxCoeff() <= limit)) {
            value.fail(fmt::format("a number beyond {}", limit));
        }
    }
}

void read_parameters(JsonObject& fields, RecordHand& hand) {
    if (!hand.has_mano) {
        for (const char* name : {"shape", "pose", "translation"}) {
            const JsonValue value = fields.at(name);
            if (!value.json().is_null()) {
                value.fail("expected null, since has_mano is false");
            }
        }
        return;
    }
    const JsonValue shape = fields.at("shape"), pose = fields.at("pose"),
                    translation = fields.at("translation");
    hand.shape = read_shape(shape);
    if (hand.shape.size() > 0) {
        check_within(std::array{hand.shape}, kShapeLimit, shape);
    }
    read_vecs(pose, hand.pose);
    check_within(hand.pose, kRotationLimit, pose);
    hand.translation = read_vec<3>(translation);
    check_within(std::array{hand.translation}, kPlaceLimit, translation);
}

void read_hand(const JsonValue& value, RecordHand& hand) {
    if (value.json().is_null()) {
        return; // unlabelled_record() says so
    }
    JsonObject fields(value);
    hand.is_labelled = true;
    hand.has_mano = fields.at("has_mano").boolean();
    read_parameters(fields, hand);
    const JsonValue joints = fields.at("joints_in_cam"), pixels = fields.at("joints_px");
    read_vecs(joints, hand.joints_in_cam);
    check_within(hand.joints_in_cam, kPlaceLimit, joints);
    hand.joint_3d_valid = read_flags(fields.at("joint_3d_valid"));
    read_vecs(pixels, hand.joints_px);
    check_within(hand.joints_px, kPixelLimit, pixels);
    hand.joint_2d_valid = read_flags(fields.at("joint_2d_valid"));
    fields.finish();
}

} // namespace

Record unlabelled_record() {
    Record record;
    record.track = -1;
    record.azimuth_deg = record.distance_m = kUnknown;
    for (RecordHand& hand : record.hands) {
        hand.is_labelled = hand.has_mano = false;
        hand.joint_3d_valid = hand.joint_2d_valid = {};
        hand.pose.fill(Vec3::Zero());
        hand.joints_in_cam.fill(Vec3::Zero());
        hand.joints_px.fill(Vec2::Zero());
        hand.forearm_flexion_deg = hand.forearm_deviation_deg = kUnknown;
    }
    RecordInteraction& interaction = record.interaction;
    interaction.mask_iou = interaction.min_distance_m = interaction.contact_area_mm2 = kUnknown;
    interaction.penetration_depth_m = kUnknown;
    interaction.self_penetration_depth_m = {kUnknown, kUnknown};
    interaction.root_offset_m = Vec3::Constant(kUnknown);
    RecordAppearance& appearance = record.appearance;
    appearance.melanin = appearance.haemoglobin = appearance.ita_deg = kUnknown;
    appearance.environment_rotation_deg = appearance.exposure_ev = kUnknown;
    appearance.monk = 0;
    record.provenance.naturalness = {kUnknown, kUnknown};
    return record;
}

void write_converted_fields(JsonWriter& out, const Record& record) {
    out.field("data_source", record.data_source);
    out.field("source_index", record.source_index);
    write_image(out, record.camera);
    out.key("camera");
    out.begin_object();
    out.field("intr_type", kIntrinsicsType);
    write_pinhole(out, record.camera);
    out.end_object();
    out.key("hands");
    out.begin_object();
    for (std::size_t side = 0; side < 2; ++side) {
        out.key(kHandNames[side]);
        write_hand(out, record.hands[side]);
    }
    out.end_object();
}

void read_converted_fields(JsonObject& fields, Record& record) {
    Record unlabelled = unlabelled_record();
    unlabelled.seed = record.seed;
    unlabelled.record = record.record;
    unlabelled.pose = record.pose;
    unlabelled.view = record.view;
    unlabelled.split = record.split;
    record = std::move(unlabelled);
    record.data_source = fields.at("data_source").text(64, 1);
    record.source_index = fields.at("source_index").text();
    read_image(fields.object("image"), record.camera);
    JsonObject camera = fields.object("camera");
    const JsonValue type = camera.at("intr_type");
    if (type.text(32) != kIntrinsicsType) {
        type.fail(fmt::format("expected {}", kIntrinsicsType));
    }
    read_pinhole(camera, record.camera);
    camera.finish();
    JsonObject hands = fields.object("hands");
    for (std::size_t side = 0; side < 2; ++side) {
        read_hand(hands.at(kHandNames[side]), record.hands[side]);
    }
    hands.finish();
}

void write_converted_columns(JsonWriter& out, const Record& record) {
    out.field("data_source", record.data_source);
    out.field("source_index", record.source_index);
    out.field("width", record.camera.width);
    out.field("height", record.camera.height);
    out.field("fx", record.camera.intrinsics.fx);
    out.field("fy", record.camera.intrinsics.fy);
    out.field("cx", record.camera.intrinsics.cx);
    out.field("cy", record.camera.intrinsics.cy);
    for (std::size_t side = 0; side < 2; ++side) {
        const RecordHand& hand = record.hands[side];
        const std::string prefix = std::string(kHandNames[side]) + "_";
        out.field(prefix + "is_labelled", hand.is_labelled);
        out.field(prefix + "has_mano", hand.has_mano);
        out.field(prefix + "joints_3d_valid",
                  static_cast<int>(std::ranges::count(hand.joint_3d_valid, true)));
        out.field(prefix + "joints_2d_valid",
                  static_cast<int>(std::ranges::count(hand.joint_2d_valid, true)));
    }
}

} // namespace rih
