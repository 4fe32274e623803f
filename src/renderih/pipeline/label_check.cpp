// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/label_check.h"

#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"
#include "renderih/geometry/interaction.h"
#include "renderih/hand/anatomy.h"
#include "renderih/hand/hand_io.h"
#include "renderih/image/codecs.h"
#include "renderih/image/colour.h"
#include "renderih/pipeline/keypoint_visibility.h"
#include "renderih/pipeline/labels.h"
#include "renderih/pipeline/rasteriser.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

enum Check {
    kJointsInCam,
    kJointsPx,
    kAngles,
    kVisibility,
    kParts,
    kDepth,
    kNumbers,
    kIntersection,
    kMeasures,
    kTone,
    kPicture
};

constexpr double kPointTolerance = 1e-8;   // m; two ways to the same double
constexpr double kPixelTolerance = 1e-4;   // px
constexpr double kMeasureTolerance = 1e-7; // m
constexpr double kAngleTolerance = 1e-6;   // radians
/// The tracer works in float: a pixel's centre may fall this far on the other side of an edge.
constexpr double kEdgeTolerancePx = 5e-3;

/// The first of two triangle soups that a segment meets, by testing every triangle (Moeller and
/// Trumbore 1997, double precision).
int first_hit_by_force(const std::array<const Points*, 2>& vertices,
                       const std::array<const Triangles*, 2>& faces,
                       const Vec3& from,
                       const Vec3& to,
                       double margin) {
    const Vec3 way = to - from;
    const double length = way.norm();
    const Vec3 direction = way / length;
    double nearest = length - margin;
    int hit = -1;
    for (int mesh = 0; mesh < 2; ++mesh) {
        for (const auto& face : *faces[mesh]) {
            const Vec3 a = vertices[mesh]->row(face[0]);
            const Vec3 ab = Vec3(vertices[mesh]->row(face[1])) - a;
            const Vec3 ac = Vec3(vertices[mesh]->row(face[2])) - a;
            const Vec3 p = direction.cross(ac);
            const double determinant = ab.dot(p);
            if (determinant == 0) {
                continue;
            }
            const Vec3 s = from - a;
            const double u = s.dot(p) / determinant;
            if (u < 0 || u > 1) {
                continue;
            }
            const Vec3 q = s.cross(ab);
            const double v = direction.dot(q) / determinant;
            const double t = ac.dot(q) / determinant;
            if (v >= 0 && u + v <= 1 && t > 0 && t < nearest) {
                nearest = t;
                hit = mesh;
            }
        }
    }
    return hit;
}

ReferenceHand reference_of(const HandModel& model) {
    const TempFolder folder;
    const auto path = folder.path() / "hand.npz";
    save_hand(path, model);
    return ReferenceHand(read_npz(path));
}

const Bytes& member(const std::map<std::string, Bytes>& members, const char* name) {
    const auto found = members.find(name);
    RIH_REQUIRE(found != members.end(), "there is no {}", name);
    return found->second;
}

void require_size(const Record& record, int width, int height, const char* name) {
    RIH_REQUIRE(width == record.camera.width && height == record.camera.height,
                "{} is {}x{} pixels, not {}x{}",
                name,
                width,
                height,
                record.camera.width,
                record.camera.height);
}

} // namespace

LabelChecker::LabelChecker(const HandPair& hands, int subdivision_levels)
    : hands_(&hands), exact_(hands) {
    for (const Side side : kSides) {
        references_.push_back(reference_of(hands[side]));
        surfaces_.emplace_back(hands[side], subdivision_levels);
    }
}

void LabelChecker::check(const Record& record,
                         const std::map<std::string, Bytes>& members,
                         const Fail& fail) const {
    std::array<Posed, 2> posed;
    for (int i = 0; i < 2; ++i) {
        const RecordHand& hand = record.hands[i];
        ReferencePose pose;
        pose.axis_angle.assign(hand.pose.begin(), hand.pose.end());
        pose.axis_angle.push_back(hand.forearm_rotation);
        pose.axis_angle.resize(static_cast<std::size_t>(references_[i].joint_count()));
        pose.translation = hand.translation;
        pose.shape = hand.shape;
        const ReferenceHand::Posed made = references_[i].pose(pose);
        std::fill(pose.axis_angle.begin(), pose.axis_angle.end(), Vec3::Zero());
        posed[i] = {made.vertices,
                    references_[i].keypoints(made),
                    references_[i].pose(pose).vertices,
                    surfaces_[i].refine(made.vertices)};
    }
    check_numbers(record, posed, fail);
    check_visibility(record, posed, fail);
    check_interaction(record, posed, fail);
    check_pictures(record, posed, members, fail);
}

void LabelChecker::check_numbers(const Record& record,
                                 const std::array<Posed, 2>& posed,
                                 const Fail& fail) const {
    for (int i = 0; i < 2; ++i) {
        const RecordHand& hand = record.hands[i];
        const std::string_view side = name_of(kSides[i]);
        for (int k = 0; k < kKeypointCount; ++k) {
            const Vec3 in_cam = record.camera.cam_from_world * Vec3(posed[i].keypoints.row(k));
            const double off = (in_cam - hand.joints_in_cam[k]).norm();
            if (!(off <= kPointTolerance)) {
                fail(kJointsInCam,
                     fmt::format("{} joints_in_cam[{}] is {:.3g} m off", side, k, off));
            }
            const double off_px = (record.camera.project(in_cam) - hand.joints_px[k]).norm();
            if (!(off_px <= kPixelTolerance)) {
                fail(kJointsPx, fmt::format("{} joints_px[{}] is {:.3g} px off", side, k, off_px));
            }
        }
        const ShapedHand shaped = shape_hand(hands_->hands[i], hand.shape);
        HandPose pose;
        std::copy(hand.pose.begin(), hand.pose.end(), pose.axis_angle.begin());
        const double excess = max_limit_excess(finger_angles(anatomy_frames(shaped), pose));
        if (!(excess <= kAngleTolerance)) {
            fail(kAngles,
                 fmt::format("{} hand: an angle is {:.4g} degrees outside Table 2",
                             side,
                             excess / kDegree));
        }
        const ForearmAngles forearm = forearm_angles(kSides[i], hand.forearm_rotation);
        if (!(std::abs(forearm.flexion / kDegree - hand.forearm_flexion_deg) <= 1e-6 &&
              std::abs(forearm.deviation / kDegree - hand.forearm_deviation_deg) <= 1e-6)) {
            fail(kAngles, fmt::format("{} forearm: its rotation and its angles disagree", side));
        }
    }
    const double distance = record.camera.cam_from_world.inverse().translation.norm();
    if (!(std::abs(distance - record.distance_m) <= kPointTolerance)) {
        fail(kJointsInCam,
             fmt::format("distance_m is {}, the camera is at {}", record.distance_m, distance));
    }
    const Vec3 offset = record.hands[1].joints_in_cam[0] - record.hands[0].joints_in_cam[0];
    if (!((offset - record.interaction.root_offset_m).norm() <= kPointTolerance)) {
        fail(kJointsInCam, "root_offset_m is not the left wrist less the right one");
    }
    const auto albedo = skin_albedo({record.appearance.melanin, record.appearance.haemoglobin});
    const double ita = ita_deg(lab_from_rec709(albedo));
    if (!(std::abs(ita - record.appearance.ita_deg) <= 1e-6)) {
        fail(kTone,
             fmt::format("ita_deg is {}, the pigments give {}", record.appearance.ita_deg, ita));
    }
}

void LabelChecker::check_visibility(const Record& record,
                                    const std::array<Posed, 2>& posed,
                                    const Fail& fail) const {
    const std::array<const Points*, 2> vertices{&posed[0].surface.positions,
                                                &posed[1].surface.positions};
    const std::array<const Triangles*, 2> faces{&surfaces_[0].triangles(),
                                                &surfaces_[1].triangles()};
    for (int i = 0; i < 2; ++i) {
        const RecordHand& hand = record.hands[i];
        // A line of sight that grazes a silhouette may go either way in float: an answer counts as
        // right when a line a few micrometres beside gives it.
        std::array<bool, kKeypointCount> agrees{};
        constexpr double kBeside = 3e-6; // m
        for (const Vec3& beside : {Vec3(0, 0, 0),
                                   Vec3(kBeside, 0, 0),
                                   Vec3(-kBeside, 0, 0),
                                   Vec3(0, kBeside, 0),
                                   Vec3(0, -kBeside, 0),
                                   Vec3(0, 0, kBeside),
                                   Vec3(0, 0, -kBeside)}) {
            const KeypointVisibility seen = keypoint_visibility(
                record.camera,
                i,
                posed[i].vertices,
                posed[i].keypoints,
                [&](const Vec3& from, const Vec3& to, double margin) {
                    return first_hit_by_force(vertices, faces, from, to + beside, margin);
                });
            for (int k = 0; k < kKeypointCount; ++k) {
                agrees[k] = agrees[k] || (seen.visible[k] == hand.joint_visible[k] &&
                                          seen.occluded_by[k] == hand.joint_occluded_by[k]);
            }
            if (std::ranges::all_of(agrees, [](bool yes) { return yes; })) {
                break;
            }
        }
        for (int k = 0; k < kKeypointCount; ++k) {
            if (!agrees[k]) {
                fail(kVisibility,
                     fmt::format("{} joint_visible[{}] or joint_occluded_by is wrong",
                                 name_of(kSides[i]),
                                 k));
            }
        }
    }
}

void LabelChecker::check_pictures(const Record& record,
                                  const std::array<Posed, 2>& posed,
                                  const std::map<std::string, Bytes>& members,
                                  const Fail& fail) const {
    const Image8 part = decode_png8(member(members, "seg.png"), "seg.png");
    const Image8 amodal = decode_png8(member(members, "amodal.png"), "amodal.png");
    const Image16 depth = decode_png16(member(members, "depth.png"), "depth.png");
    require_size(record, part.width(), part.height(), "seg.png");
    require_size(record, amodal.width(), amodal.height(), "amodal.png");
    require_size(record, depth.width(), depth.height(), "depth.png");

    std::vector<RasterMesh> meshes;
    for (int i = 0; i < 2; ++i) {
        meshes.push_back({i,
                          posed[i].surface.positions,
                          surfaces_[i].triangles(),
                          surfaces_[i].part_of_triangle()});
    }
    RasterOptions options;
    options.epsilon_px = kEdgeTolerancePx;
    const RasterImages both = rasterise(record.camera, meshes, options);
    std::array<RasterImages, 2> alone;
    for (std::size_t i = 0; i < 2; ++i) {
        alone[i] = rasterise(record.camera, {&meshes[i], 1}, options);
    }
    int wrong_parts = 0, wrong_amodal = 0, wrong_depth = 0;
    std::string first_part, first_amodal, first_depth;
    const auto note = [](int& count, std::string& first, int x, int y, double stored, double made) {
        if (count++ == 0) {
            first = fmt::format("({}, {}) is {}, not {}", x, y, stored, made);
        }
    };
    for (int y = 0; y < part.height(); ++y) {
        for (int x = 0; x < part.width(); ++x) {
            if (both.ambiguous.at(x, y) == 0) {
                if (part.at(x, y) != both.label.at(x, y)) {
                    note(wrong_parts, first_part, x, y, part.at(x, y), both.label.at(x, y));
                }
                const double made = both.depth_z.at(x, y) * 1e4;
                const double slack = 0.51 + 1e4 * kEdgeTolerancePx * both.depth_slope.at(x, y);
                if (!(std::abs(depth.at(x, y) - std::min(made, 65535.0)) <= slack)) {
                    note(wrong_depth, first_depth, x, y, depth.at(x, y), made);
                }
            }
            for (int i = 0; i < 2; ++i) {
                const std::uint8_t label = alone[i].label.at(x, y);
                const bool covers = label != 0 && label != forearm_part(kSides[i]);
                if (alone[i].ambiguous.at(x, y) == 0 &&
                    covers != ((amodal.at(x, y) >> i & 1) != 0)) {
                    note(wrong_amodal, first_amodal, x, y, amodal.at(x, y) >> i & 1, covers);
                }
            }
            if (amodal.at(x, y) > 3 || (depth.at(x, y) == 0) != (part.at(x, y) == 0)) {
                note(wrong_amodal, first_amodal, x, y, amodal.at(x, y), part.at(x, y));
            }
        }
    }
    if (wrong_parts > 0) {
        fail(kParts,
             fmt::format("seg.png: {} pixels are wrong, the first {}", wrong_parts, first_part));
    }
    if (wrong_amodal > 0) {
        fail(kParts,
             fmt::format(
                 "amodal.png: {} pixels are wrong, the first {}", wrong_amodal, first_amodal));
    }
    if (wrong_depth > 0) {
        fail(kDepth,
             fmt::format("depth.png: {} pixels are wrong, the first {}", wrong_depth, first_depth));
    }
    const MaskNumbers numbers = mask_numbers(part, amodal);
    for (int i = 0; i < 2; ++i) {
        const RecordHand& hand = record.hands[i];
        if (hand.bbox_px != numbers.bbox_px[i] ||
            hand.visible_pixels != numbers.visible_pixels[i] ||
            hand.amodal_pixels != numbers.amodal_pixels[i]) {
            fail(kNumbers,
                 fmt::format("{} bbox_px, visible_pixels or amodal_pixels disagree with the "
                             "label images",
                             name_of(kSides[i])));
        }
    }
    if (!(std::abs(numbers.mask_iou - record.interaction.mask_iou) <= 1e-12)) {
        fail(kNumbers,
             fmt::format("mask_iou is {}, the label images give {}",
                         record.interaction.mask_iou,
                         numbers.mask_iou));
    }
    for (const auto& [name, bytes] : members) {
        if (name == "rgb.jpg" || name == "rgb.png") {
            const Image8 rgb =
                name == "rgb.jpg" ? decode_jpeg(bytes, name) : decode_png8(bytes, name);
            if (rgb.width() != record.camera.width || rgb.height() != record.camera.height ||
                rgb.channels() != 3) {
                fail(kPicture,
                     fmt::format("{} is {}x{} pixels with {} channels",
                                 name,
                                 rgb.width(),
                                 rgb.height(),
                                 rgb.channels()));
            }
        }
    }
}

void LabelChecker::check_interaction(const Record& record,
                                     const std::array<Posed, 2>& posed,
                                     const Fail& fail) const {
    const RecordInteraction& stored = record.interaction;
    const MeshInteraction made = measure_interaction({posed[0].vertices, hands_->hands[0].faces},
                                                     {posed[1].vertices, hands_->hands[1].faces});
    if (made.intersecting_triangle_pairs > 0 || made.penetration_depth_m > 0) {
        fail(kIntersection,
             fmt::format("{} triangle pairs of the hands intersect, {:.3g} m deep",
                         made.intersecting_triangle_pairs,
                         made.penetration_depth_m));
    }
    const auto compare = [&](const char* name, double is, double should_be, double tolerance) {
        if (!(std::abs(is - should_be) <= tolerance)) {
            fail(kMeasures, fmt::format("{} is {}, not {}", name, is, should_be));
        }
    };
    compare("penetration_depth_m",
            stored.penetration_depth_m,
            made.penetration_depth_m,
            kMeasureTolerance);
    compare("min_distance_m", stored.min_distance_m, made.min_distance_m, kMeasureTolerance);
    compare("contact_area_mm2", stored.contact_area_mm2, made.contact_area_mm2, 1e-3);
    if (stored.contact_vertices[0] != made.contact_vertices_a ||
        stored.contact_vertices[1] != made.contact_vertices_b) {
        fail(kMeasures, "contact_vertices are not those nearer than 2 mm");
    }
    for (int i = 0; i < 2; ++i) {
        compare("self_penetration_depth_m",
                stored.self_penetration_depth_m[i],
                exact_.self_penetration_m(
                    i, posed[i].flat, posed[i].vertices, exact_.posed(i, posed[i].vertices)),
                kMeasureTolerance);
    }
}

} // namespace rih
