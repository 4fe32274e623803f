// SPDX-License-Identifier: Apache-2.0
// One record as numbers: schema 1 of docs/dataset_format.md. Nothing here knows hands or renderers.
// Records of others' data sets (docs/exchange.md) lack what their source lacks: each says what it
// has, and the numbers that it has not are NaN.
#pragma once

#include "renderih/base/file.h"
#include "renderih/math/camera.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace rih {

inline constexpr int kSchema = 1;

enum class Split { Train, Val, Test };
std::string_view name_of(Split split);
Split split_of_name(std::string_view name); // throws UserError

enum class OccludedBy { None, Self, Other, Frame, Thing };

/// One flag a keypoint.
using JointFlags = std::array<bool, 21>;
inline constexpr JointFlags kEveryJoint{true, true, true, true, true, true, true,
                                        true, true, true, true, true, true, true,
                                        true, true, true, true, true, true, true};

struct RecordHand {
    /// False on converted records only: nothing is known of this hand, its parameters, a joint.
    bool is_labelled = true, has_mano = true;
    JointFlags joint_3d_valid = kEveryJoint, joint_2d_valid = kEveryJoint;
    VecX shape;                         // [S]
    std::array<Vec3, 16> pose;          // axis-angle
    Vec3 translation = Vec3::Zero();    // world, m
    std::array<Vec3, 21> joints_in_cam; // mano21, m
    std::array<Vec2, 21> joints_px;
    JointFlags joint_visible{};
    std::array<OccludedBy, 21> joint_occluded_by{};
    std::array<int, 4> bbox_px{}; // x, y, width, height of the visible mask; 0 if none
    int visible_pixels = 0, amodal_pixels = 0;
    Vec3 forearm_rotation = Vec3::Zero(); // axis-angle of the 17th joint
    double forearm_flexion_deg = 0, forearm_deviation_deg = 0;
};

struct RecordInteraction {
    double mask_iou = 0; // of the amodal masks
    double min_distance_m = 0, contact_area_mm2 = 0;
    std::array<std::vector<int>, 2> contact_vertices;
    double penetration_depth_m = 0;
    std::array<double, 2> self_penetration_depth_m{};
    Vec3 root_offset_m = Vec3::Zero(); // left wrist minus right wrist, camera frame
};

/// What somebody wears, or what lies about.
struct RecordThing {
    std::string kind;   ///< sleeve, ring, bracelet, watch
    std::string hand;   ///< right, left or none
    std::string finger; ///< thumb, index, middle, ring, pinky, or empty
    std::map<std::string, double> numbers;
};

struct RecordAppearance {
    double melanin = 0, haemoglobin = 0, ita_deg = 0;
    std::string ita_class; // of ita_deg
    int monk = 1;          // nearest swatch of the Monk scale, 1 light .. 10 dark
    std::string texture, environment;
    std::map<std::string, double> skin; // what is drawn for the person beside the above
    std::vector<RecordThing> things;
    double environment_rotation_deg = 0, exposure_ev = 0;
    std::map<std::string, double> sensor;
};

struct RecordProvenance {
    std::string source, source_id;
    int augmentation = 0, attempts = 1;
    std::array<double, 2> naturalness{};
    /// Of dataset.json's `configuration` and `assets`: see provenance_digests().
    std::string configuration_sha256, assets_sha256;
};

struct Record {
    std::uint64_t seed = 0, record = 0, pose = 0;
    int view = 0;
    Split split = Split::Train;
    Camera camera;
    int track = 0;
    double azimuth_deg = 0, distance_m = 0;
    std::array<RecordHand, 2> hands; // right, left
    RecordInteraction interaction;
    RecordAppearance appearance;
    RecordProvenance provenance;
    /// Of a converted record: "interhand26m", ..., and the place in it; empty when it is ours.
    std::string data_source, source_index;

    bool is_converted() const { return !data_source.empty(); }
    /// 12 digits.
    std::string key() const;
};

/// Records are numbered below this: a key has 12 digits.
inline constexpr std::uint64_t kMaxRecords = 1'000'000'000'000;
std::string record_key(std::uint64_t record);
/// Whether it is 12 digits.
bool is_record_key(std::string_view key);
std::uint64_t record_of_key(std::string_view key); // throws UserError

/// A record of another's data set before anything is known of it: no hands, every number NaN.
Record unlabelled_record();

std::string_view name_of(OccludedBy occluder);

/// The JSON text of KEY.json and back, exactly: numbers are written with the digits that give the
/// same double again. Reading checks every field's type, size and range; throws UserError that
/// names the field.
std::string to_json(const Record& record);
Record record_from_json(std::string_view json, const std::string& what);

/// The flat row of NNNNN.jsonl (scalars only, hand fields prefixed right_/left_).
std::string flat_row_json(const Record& record);

} // namespace rih
