// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/label_check.h"

#include "renderih/base/error.h"
#include "renderih/base/parallel.h"
#include "renderih/geometry/interaction.h"
#include "renderih/hand/anatomy.h"
#include "renderih/hand/hand_npz.h"
#include "renderih/hand/parts.h"
#include "renderih/image/colour.h"
#include "renderih/image/sensor/sensor.h"
#include "renderih/pipeline/keypoint_visibility.h"
#include "renderih/pipeline/near_things.h"
#include "renderih/pipeline/pierced_faces.h"
#include "renderih/pipeline/view_choice.h"
#include "renderih/pipeline/worn_things.h"
#include "renderih/scene/skin/skin_bake.h"
#include "renderih/scene/skin/skin_traits.h"
#include "renderih/scene/tracks.h"

#include <cmath>

namespace rih {

namespace {

constexpr double kPointTolerance = 1e-8;   // m; two ways to the same double
constexpr double kPixelTolerance = 1e-4;   // px
constexpr double kMeasureTolerance = 1e-7; // m
constexpr double kAngleTolerance = 1e-6;   // radians
constexpr double kViewTolerance = 1e-7;    // m and of a rotation matrix
constexpr double kDrawTolerance = 1e-9;    // of numbers that are drawn again, and their scale
constexpr double kNaturalnessTolerance = 1e-6;
/// Hands of nonsense parameters reach further, or nowhere.
constexpr double kMaxReach = 10; // m

/// Triangles with the number that a hit of them gives.
struct Soup {
    int id;
    const Points* vertices;
    const Triangles* faces;
};

/// The first of several triangle soups that a segment meets, by testing every triangle (Moeller and
/// Trumbore 1997, double precision).
int first_hit_by_force(const std::vector<Soup>& soups,
                       const Vec3& from,
                       const Vec3& to,
                       double margin) {
    const Vec3 way = to - from;
    const double length = way.norm();
    const Vec3 direction = way / length;
    double nearest = length - margin;
    int hit = -1;
    for (const Soup& soup : soups) {
        for (const auto& face : *soup.faces) {
            const Vec3 a = soup.vertices->row(face[0]);
            const Vec3 ab = Vec3(soup.vertices->row(face[1])) - a;
            const Vec3 ac = Vec3(soup.vertices->row(face[2])) - a;
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
                hit = soup.id;
            }
        }
    }
    return hit;
}

/// The faces of a mesh that reach into a box.
TriMesh within(const Points& vertices, const Triangles& faces, const Vec3& low, const Vec3& high) {
    TriMesh part{vertices, {}};
    for (const auto& face : faces) {
        Vec3 least = vertices.row(face[0]), most = least;
        for (const int v : face) {
            least = least.cwiseMin(vertices.row(v).transpose());
            most = most.cwiseMax(vertices.row(v).transpose());
        }
        if ((least.array() <= high.array()).all() && (most.array() >= low.array()).all()) {
            part.faces.push_back(face);
        }
    }
    return part;
}

/// How often two surfaces cross, by the second method.
std::size_t crossings(const Points& a_vertices,
                      const Triangles& a_faces,
                      const Points& b_vertices,
                      const Triangles& b_faces) {
    const TriMesh a = within(a_vertices,
                             a_faces,
                             b_vertices.colwise().minCoeff().transpose(),
                             b_vertices.colwise().maxCoeff().transpose());
    const TriMesh b = within(b_vertices,
                             b_faces,
                             a_vertices.colwise().minCoeff().transpose(),
                             a_vertices.colwise().maxCoeff().transpose());
    return count_pierced_faces(a, b) + count_pierced_faces(b, a);
}

/// Whether a stored thing is the drawn one, numbers within `tolerance` of them and of 1.
bool same_thing(const RecordThing& stored, const RecordThing& drawn, double tolerance) {
    bool same = stored.kind == drawn.kind && stored.hand == drawn.hand &&
                stored.finger == drawn.finger && stored.numbers.size() == drawn.numbers.size();
    for (const auto& [name, value] : drawn.numbers) {
        const auto found = stored.numbers.find(name);
        same = same && found != stored.numbers.end() &&
               std::abs(found->second - value) <= tolerance * std::max(1.0, std::abs(value));
    }
    return same;
}

ReferenceHand reference_of(const HandModel& model) {
    return ReferenceHand(read_npz(encode_npz(arrays_of(model)), "hand model"));
}

} // namespace

LabelChecker::LabelChecker(const HandPair& hands, LabelCheckSetup setup)
    : hands_(&hands), setup_(std::move(setup)), plan_(setup_.options.plan_options()), exact_(hands),
      // Those of each thread's pose.
      skins_(2 * static_cast<std::size_t>(std::min(resolve_thread_count(setup_.threads), 64)) + 2) {
    if (!setup_.environments.empty()) {
        environments_.emplace(plan_, static_cast<int>(setup_.environments.size()));
    }
    for (const Side side : kSides) {
        references_.push_back(reference_of(hands[side]));
        surfaces_.emplace_back(hands[side], setup_.options.image.subdivision_levels);
        forearm_ends_[static_cast<std::size_t>(index_of(side))] = forearm_end(hands[side]);
    }
    if (setup_.options.image.albedo) {
        atlases_ = skin_atlases(hands, surfaces_, setup_.options.image.skin_map_height);
    }
}

bool LabelChecker::applies(LabelKind kind) const {
    const ImageOptions& image = setup_.options.image;
    return kind == LabelKind::Naturalness ? setup_.discriminator.has_value()
           : kind == LabelKind::Extra     ? image.normal || image.albedo || image.uv
                                          : true;
}

LabelChecker::Made LabelChecker::check(const Record& record,
                                       const std::map<std::string, Bytes>& members,
                                       const Fail& fail) const {
    Made made{};
    const auto mark = [&](std::initializer_list<LabelKind> kinds) {
        for (const LabelKind kind : kinds) {
            made[static_cast<std::size_t>(kind)] = applies(kind);
        }
    };
    mark({LabelKind::Pictures, LabelKind::Camera, LabelKind::Draws, LabelKind::Provenance});
    check_camera(record, fail);
    check_draws(record, fail);
    if (record.provenance.configuration_sha256 != setup_.digests.configuration_sha256 ||
        record.provenance.assets_sha256 != setup_.digests.assets_sha256) {
        fail(LabelKind::Provenance, "its digests are not those of dataset.json");
    }
    const PictureFail fail_picture = [&](PictureKind kind, const std::string& what) {
        fail(kind == PictureKind::Any     ? LabelKind::Pictures
             : kind == PictureKind::Parts ? LabelKind::Parts
             : kind == PictureKind::Depth ? LabelKind::Depth
             : kind == PictureKind::Extra ? LabelKind::Extra
                                          : LabelKind::Numbers,
             what);
    };
    const ImageOptions& image = setup_.options.image;
    const RecordPictures pictures = decode_pictures(members, image, fail_picture);

    mark({LabelKind::JointsInCam});
    const auto posed = pose(record, fail);
    if (!posed) {
        return made; // nothing that follows from the hands can be said
    }
    mark({LabelKind::JointsPx,
          LabelKind::Angles,
          LabelKind::Naturalness,
          LabelKind::Things,
          LabelKind::Visibility,
          LabelKind::Intersection,
          LabelKind::Measures});
    check_joints(record, *posed, fail);
    check_view(record, *posed, fail);
    check_angles(record, fail);
    const std::vector<SceneMesh> things = check_things(record, *posed, fail);
    check_visibility(record, *posed, things, fail);
    check_interaction(record, *posed, fail);
    if (record.camera.width != image.width || record.camera.height != image.height) {
        fail(LabelKind::Pictures,
             fmt::format("image is {}x{} pixels, not {}x{}",
                         record.camera.width,
                         record.camera.height,
                         image.width,
                         image.height));
    } else if (pictures.has_labels()) {
        mark({LabelKind::Parts, LabelKind::Depth, LabelKind::Extra, LabelKind::Numbers});
        try {
            compare_pictures(record, pictures, draw(record, *posed, things), fail_picture);
        } catch (const UserError& error) { // a camera that nothing can be drawn with
            fail(LabelKind::Parts, error.what());
        }
    }
    return made;
}

std::optional<std::array<LabelChecker::Posed, 2>> LabelChecker::pose(const Record& record,
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
        ReferenceHand::Posed made;
        try {
            made = references_[i].pose(pose);
        } catch (const UserError& error) {
            fail(LabelKind::JointsInCam, error.what());
            return std::nullopt;
        }
        // False for NaN too.
        if (!made.vertices.allFinite() || !(made.vertices.cwiseAbs().maxCoeff() <= kMaxReach) ||
            !made.joints.allFinite()) {
            fail(LabelKind::JointsInCam,
                 fmt::format("{} shape, pose or translation put a vertex more than {} m away",
                             name_of(kSides[i]),
                             kMaxReach));
            return std::nullopt;
        }
        std::fill(pose.axis_angle.begin(), pose.axis_angle.end(), Vec3::Zero());
        posed[i] = {made.vertices,
                    references_[i].keypoints(made),
                    references_[i].pose(pose).vertices,
                    surfaces_[i].refine(made.vertices)};
    }
    return posed;
}

void LabelChecker::check_joints(const Record& record,
                                const std::array<Posed, 2>& posed,
                                const Fail& fail) const {
    for (int i = 0; i < 2; ++i) {
        const RecordHand& hand = record.hands[i];
        const std::string_view side = name_of(kSides[i]);
        for (int k = 0; k < kKeypointCount; ++k) {
            const Vec3 in_cam = record.camera.cam_from_world * Vec3(posed[i].keypoints.row(k));
            const double off = (in_cam - hand.joints_in_cam[k]).norm();
            if (!(off <= kPointTolerance)) {
                fail(LabelKind::JointsInCam,
                     fmt::format("{} joints_in_cam[{}] is {:.3g} m off", side, k, off));
            }
            const double off_px = (record.camera.project(in_cam) - hand.joints_px[k]).norm();
            if (!(off_px <= kPixelTolerance)) {
                fail(LabelKind::JointsPx,
                     fmt::format("{} joints_px[{}] is {:.3g} px off", side, k, off_px));
            }
        }
    }
    const Vec3 offset = record.hands[1].joints_in_cam[0] - record.hands[0].joints_in_cam[0];
    if (!((offset - record.interaction.root_offset_m).norm() <= kPointTolerance)) {
        fail(LabelKind::JointsInCam, "root_offset_m is not the left wrist less the right one");
    }
}

void LabelChecker::check_angles(const Record& record, const Fail& fail) const {
    for (int i = 0; i < 2; ++i) {
        const RecordHand& hand = record.hands[i];
        const std::string_view side = name_of(kSides[i]);
        const ShapedHand shaped = shape_hand(hands_->hands[i], hand.shape);
        HandPose pose;
        std::copy(hand.pose.begin(), hand.pose.end(), pose.axis_angle.begin());
        const FingerAngles angles = finger_angles(anatomy_frames(shaped), pose);
        const double excess = max_limit_excess(angles);
        if (!(excess <= kAngleTolerance)) {
            fail(LabelKind::Angles,
                 fmt::format("{} hand: an angle is {:.4g} degrees outside Table 2",
                             side,
                             excess / kDegree));
        }
        const ForearmAngles forearm = forearm_angles(kSides[i], hand.forearm_rotation);
        if (!(std::abs(forearm.flexion / kDegree - hand.forearm_flexion_deg) <= 1e-6 &&
              std::abs(forearm.deviation / kDegree - hand.forearm_deviation_deg) <= 1e-6)) {
            fail(LabelKind::Angles,
                 fmt::format("{} forearm: its rotation and its angles disagree", side));
        }
        if (setup_.discriminator) {
            const double natural = setup_.discriminator->probability(angles);
            const double stored = record.provenance.naturalness[static_cast<std::size_t>(i)];
            if (!(std::abs(natural - stored) <= kNaturalnessTolerance)) {
                fail(LabelKind::Naturalness,
                     fmt::format("{} naturalness is {}, not {}", side, stored, natural));
            }
        }
    }
}

void LabelChecker::check_camera(const Record& record, const Fail& fail) const {
    const Vec3 centre = record.camera.cam_from_world.inverse().translation;
    if (!(std::abs(centre.norm() - record.distance_m) <= kPointTolerance)) {
        fail(
            LabelKind::Camera,
            fmt::format("distance_m is {}, the camera is at {}", record.distance_m, centre.norm()));
    }
    if (record.track == kFirstPersonTrack) {
        if (record.azimuth_deg != 0) {
            fail(
                LabelKind::Camera,
                fmt::format("azimuth_deg is {}, not 0 as in the first person", record.azimuth_deg));
        }
        return;
    }
    if (record.track < 0 || record.track >= kTrackCount) {
        fail(LabelKind::Camera, fmt::format("track is {} of {}", record.track, kTrackCount));
        return;
    }
    // The circle's axis of azimuth 0 and the direction a quarter turn on: docs/camera.md.
    const TrackCircle circle = TrackOptions{}.circles[static_cast<std::size_t>(record.track)];
    const double node = circle.node_deg * kDegree, tilt = circle.tilt_deg * kDegree;
    const Vec3 zero(std::sin(node), 0, std::cos(node));
    const Vec3 quarter(
        std::cos(tilt) * std::cos(node), std::sin(tilt), -std::cos(tilt) * std::sin(node));
    const Vec3 direction = centre.normalized();
    const double off_circle = std::abs(direction.dot(zero.cross(quarter)));
    const double azimuth = std::atan2(direction.dot(quarter), direction.dot(zero)) / kDegree;
    const double off = std::remainder(azimuth - record.azimuth_deg, 360.0);
    if (!(off_circle <= 1e-9)) {
        fail(LabelKind::Camera, fmt::format("the camera is not on track {}", record.track));
    } else if (!(std::abs(off) <= 1e-6)) {
        fail(LabelKind::Camera,
             fmt::format("azimuth_deg is {}, the camera's is {}", record.azimuth_deg, azimuth));
    }
}

void LabelChecker::check_view(const Record& record,
                              const std::array<Posed, 2>& posed,
                              const Fail& fail) const {
    View drawn;
    try {
        drawn = choose_view(setup_.options,
                            record.pose,
                            record.view,
                            view_subject({&posed[0].vertices, &posed[1].vertices},
                                         {&posed[0].keypoints, &posed[1].keypoints},
                                         forearm_ends_));
    } catch (const UserError& error) {
        fail(LabelKind::Camera, error.what());
        return;
    }
    const auto compare = [&](const char* name, double is, double should, double tolerance) {
        if (!(std::abs(is - should) <= tolerance)) {
            fail(LabelKind::Camera, fmt::format("{} is {}, not {} as drawn", name, is, should));
        }
    };
    const Camera& camera = record.camera;
    compare("track", record.track, drawn.place.track, 0);
    compare("fx", camera.intrinsics.fx, drawn.camera.intrinsics.fx, kPixelTolerance);
    compare("fy", camera.intrinsics.fy, drawn.camera.intrinsics.fy, kPixelTolerance);
    compare("cx", camera.intrinsics.cx, drawn.camera.intrinsics.cx, kPixelTolerance);
    compare("cy", camera.intrinsics.cy, drawn.camera.intrinsics.cy, kPixelTolerance);
    const Rigid3& pose = camera.cam_from_world;
    const Rigid3& drawn_pose = drawn.camera.cam_from_world;
    compare("cam_from_world, off by",
            (pose.rotation - drawn_pose.rotation).cwiseAbs().maxCoeff() +
                (pose.translation - drawn_pose.translation).cwiseAbs().maxCoeff(),
            0,
            kViewTolerance);
}

void LabelChecker::check_draws(const Record& record, const Fail& fail) const {
    const RecordAppearance& appearance = record.appearance;
    const auto compare = [&](const std::string& name, double is, double drawn) {
        if (!(std::abs(is - drawn) <= kDrawTolerance * std::max(1.0, std::abs(drawn)))) {
            fail(LabelKind::Draws, fmt::format("{} is {}, not {}", name, is, drawn));
        }
    };
    const SkinIdentity skin =
        draw_skin_identity(record.seed, record.pose, setup_.options.image.skin);
    compare("melanin", appearance.melanin, skin.tone.pigments.melanin);
    compare("haemoglobin", appearance.haemoglobin, skin.tone.pigments.haemoglobin);
    const auto albedo =
        saturated(skin_albedo({appearance.melanin, appearance.haemoglobin}), skin.tone.saturation);
    const double ita = ita_deg(lab_from_rec709(albedo));
    compare("ita_deg", appearance.ita_deg, ita);
    if (appearance.ita_class != ita_class_of(ita).name) {
        fail(LabelKind::Draws, fmt::format("ita_class is not {}", ita_class_of(ita).name));
    }
    compare("monk", appearance.monk, monk_tone_of(albedo));
    if (appearance.texture != name_of_texture(skin.texture)) {
        fail(LabelKind::Draws, fmt::format("texture is not {}", name_of_texture(skin.texture)));
    }
    const auto numbers = skin.numbers();
    if (appearance.skin.size() != numbers.size()) {
        fail(LabelKind::Draws,
             fmt::format("skin has {} numbers, not {}", appearance.skin.size(), numbers.size()));
    }
    for (const auto& [name, value] : numbers) {
        const auto found = appearance.skin.find(name);
        if (found == appearance.skin.end()) {
            fail(LabelKind::Draws, fmt::format("skin has no {}", name));
        } else {
            compare("skin." + name, found->second, value);
        }
    }
    if (environments_) {
        Rng light(record.seed, record.record, "light");
        const int drawn =
            environments_->of_view(plan_.pose_of(record.record), plan_.view_of(record.record));
        const std::string& name = setup_.environments[static_cast<std::size_t>(drawn)];
        if (appearance.environment != name) {
            fail(LabelKind::Draws, fmt::format("environment is not {}", name));
        }
        compare(
            "environment_rotation_deg", appearance.environment_rotation_deg, light.uniform(0, 360));
    }
    std::map<std::string, double> drawn;
    const ImageOptions& image = setup_.options.image;
    if (image.sensor == "camera") {
        Rng sensor(record.seed, record.record, "sensor");
        drawn = draw_sensor(sensor_options(image), sensor).numbers();
        try {
            drawn.merge(draw_lens_of(record, image).numbers());
        } catch (const UserError& error) { // a keypoint behind the camera
            fail(LabelKind::Draws, error.what());
        }
    }
    for (const auto& [name, value] : drawn) {
        const auto found = appearance.sensor.find(name);
        if (found == appearance.sensor.end()) {
            fail(LabelKind::Draws, fmt::format("sensor has no {}", name));
        } else {
            compare("sensor." + name, found->second, value);
        }
    }
}

std::vector<SceneMesh> LabelChecker::check_things(const Record& record,
                                                  const std::array<Posed, 2>& posed,
                                                  const Fail& fail) const {
    std::vector<RecordThing> drawn;
    std::vector<double> tolerance; // of each
    std::vector<SceneMesh> meshes;
    std::vector<const Points*> surfaces{&posed[0].surface.positions, &posed[1].surface.positions};
    try {
        for (FittedThing& worn :
             worn_things(setup_.options,
                         record.pose,
                         surfaces_,
                         {posed[0].surface.positions, posed[1].surface.positions},
                         {posed[0].keypoints, posed[1].keypoints})) {
            drawn.push_back(record_thing(worn.thing));
            tolerance.push_back(kDrawTolerance);
            meshes.push_back(std::move(worn.mesh));
        }
        for (const SceneMesh& mesh : meshes) {
            surfaces.push_back(&mesh.vertices);
        }
        std::vector<SceneMesh> near;
        for (const NearThing& thing : near_things(setup_.options,
                                                  record.record,
                                                  record.camera,
                                                  surfaces,
                                                  {&posed[0].keypoints, &posed[1].keypoints})) {
            drawn.push_back(record_thing(thing));
            tolerance.push_back(kPointTolerance); // it stands where the surfaces leave room
            near.push_back(mesh_of_near(thing));
        }
        std::ranges::move(near, std::back_inserter(meshes));
    } catch (const UserError& error) { // hands that nothing can be put on
        fail(LabelKind::Things, error.what());
    }
    const std::vector<RecordThing>& stored = record.appearance.things;
    if (stored.size() != drawn.size()) {
        fail(LabelKind::Things,
             fmt::format("{} things are there, not {}", stored.size(), drawn.size()));
    }
    for (std::size_t i = 0; i < std::min(stored.size(), drawn.size()); ++i) {
        if (!same_thing(stored[i], drawn[i], tolerance[i])) {
            fail(LabelKind::Things,
                 fmt::format("things[{}] is not the {} that was drawn", i, drawn[i].kind));
        }
    }
    for (std::size_t i = 0; i < meshes.size(); ++i) {
        const SceneMesh& mesh = meshes[i];
        std::size_t found = 0;
        for (int k = 0; k < 2; ++k) {
            found += crossings(mesh.vertices,
                               mesh.faces,
                               posed[k].surface.positions,
                               surfaces_[static_cast<std::size_t>(k)].triangles());
        }
        // What stands on a table rests on it.
        for (std::size_t j = 0; j < i && !is_near_kind(mesh.name); ++j) {
            found += crossings(mesh.vertices, mesh.faces, meshes[j].vertices, meshes[j].faces);
        }
        if (found > 0) {
            fail(LabelKind::Things,
                 fmt::format("things[{}], a {}, passes through something at {} places",
                             i,
                             mesh.name,
                             found));
        }
    }
    return meshes;
}

void LabelChecker::check_visibility(const Record& record,
                                    const std::array<Posed, 2>& posed,
                                    const std::vector<SceneMesh>& things,
                                    const Fail& fail) const {
    std::vector<Soup> soups;
    for (int i = 0; i < 2; ++i) {
        soups.push_back(
            {i, &posed[i].surface.positions, &surfaces_[static_cast<std::size_t>(i)].triangles()});
    }
    for (const SceneMesh& thing : things) {
        soups.push_back({thing.id, &thing.vertices, &thing.faces});
    }
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
            const KeypointVisibility seen =
                keypoint_visibility(record.camera,
                                    i,
                                    posed[i].vertices,
                                    posed[i].keypoints,
                                    [&](const Vec3& from, const Vec3& to, double margin) {
                                        return first_hit_by_force(soups, from, to + beside, margin);
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
                fail(LabelKind::Visibility,
                     fmt::format("{} joint_visible[{}] or joint_occluded_by is wrong",
                                 name_of(kSides[i]),
                                 k));
            }
        }
    }
}

std::vector<DrawnMesh> LabelChecker::draw(const Record& record,
                                          const std::array<Posed, 2>& posed,
                                          std::vector<SceneMesh> things) const {
    std::vector<DrawnMesh> drawn(2);
    for (int i = 0; i < 2; ++i) {
        drawn[i].raster = {i,
                           posed[i].surface.positions,
                           surfaces_[i].triangles(),
                           surfaces_[i].part_of_triangle()};
        drawn[i].attributes = surfaces_[i].mesh(posed[i].surface);
        if (setup_.options.image.albedo) {
            const SkinIdentity skin =
                draw_skin_identity(record.seed, record.pose, setup_.options.image.skin);
            std::shared_ptr<const SurfaceMaps> maps;
            if (atlases_[i]) {
                maps = skins_.get({record.seed, record.pose, i},
                                  [&] { return bake_skin(*atlases_[i], skin, i); });
            }
            surfaces_[i].apply_skin(shape_hand(hands_->hands[i], record.hands[i].shape),
                                    HandPose{}, // albedo has no folds
                                    skin,
                                    std::move(maps),
                                    drawn[i].attributes);
        }
    }
    for (SceneMesh& thing : things) {
        RasterMesh raster{thing.id, thing.vertices, thing.faces, thing.face_label};
        drawn.push_back({std::move(raster), std::move(thing)});
    }
    return drawn;
}

void LabelChecker::check_interaction(const Record& record,
                                     const std::array<Posed, 2>& posed,
                                     const Fail& fail) const {
    const RecordInteraction& stored = record.interaction;
    const MeshInteraction made = measure_interaction({posed[0].vertices, hands_->hands[0].faces},
                                                     {posed[1].vertices, hands_->hands[1].faces});
    if (made.intersecting_triangle_pairs > 0 || made.penetration_depth_m > 0) {
        fail(LabelKind::Intersection,
             fmt::format("{} triangle pairs of the hands intersect, {:.3g} m deep",
                         made.intersecting_triangle_pairs,
                         made.penetration_depth_m));
    }
    for (int i = 0; i < 2; ++i) {
        const std::size_t pierced =
            count_pierced_faces({posed[i].vertices, hands_->hands[i].faces},
                                {posed[1 - i].vertices, hands_->hands[1 - i].faces});
        if (pierced > 0) {
            fail(LabelKind::Intersection,
                 fmt::format(
                     "{} faces are pierced by edges of the {} hand", pierced, name_of(kSides[i])));
        }
    }
    const auto compare = [&](const char* name, double is, double should_be, double tolerance) {
        if (!(std::abs(is - should_be) <= tolerance)) {
            fail(LabelKind::Measures, fmt::format("{} is {}, not {}", name, is, should_be));
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
        fail(LabelKind::Measures,
             fmt::format("contact_vertices are not those nearer than {} m", kContactDistance));
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
