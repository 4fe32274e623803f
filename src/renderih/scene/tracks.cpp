// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/tracks.h"

#include "renderih/base/error.h"
#include "renderih/math/rotation.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rih {
namespace {

Vec3 eye_direction(const TrackCircle& circle, double azimuth_deg) {
    const double node = circle.node_deg * kDegree, tilt = circle.tilt_deg * kDegree;
    const double azimuth = azimuth_deg * kDegree;
    const Vec3 axis(std::sin(node), 0, std::cos(node));
    const Vec3 level(std::cos(node), 0, -std::sin(node)); // a quarter turn on, from above
    const Vec3 tilted = std::cos(tilt) * level + std::sin(tilt) * Vec3::UnitY();
    return std::cos(azimuth) * axis + std::sin(azimuth) * tilted;
}

/// Tangents of the largest angles off the axis, right-left and up-down.
Vec2 extent_in_cam(const Rigid3& cam_from_world, const Points& points_in_world) {
    Vec2 extent = Vec2::Zero();
    for (Eigen::Index i = 0; i < points_in_world.rows(); ++i) {
        const Vec3 x_in_cam = cam_from_world * points_in_world.row(i).transpose();
        RIH_REQUIRE(x_in_cam.z() > 1e-3,
                    "point {} lies behind the camera; place the camera further away",
                    i);
        extent = extent.cwiseMax((x_in_cam.head<2>() / x_in_cam.z()).cwiseAbs());
    }
    return extent;
}

Vec3 centre_of(const Points& points) {
    const Vec3 low = points.colwise().minCoeff(), high = points.colwise().maxCoeff();
    return 0.5 * (low + high);
}

/// What a photographer decides beside the place.
struct Framing {
    double focal_mm = 0, fill = 0, roll = 0;
    Vec2 offset;    // of the hands from the middle, -1 .. 1 of what is allowed
    Vec2 principal; // -1 .. 1
    bool truncated = false;
};

Framing draw_framing(const TrackOptions& options, Rng& rng) {
    Framing framing;
    framing.focal_mm =
        options.min_focal_mm * std::pow(options.max_focal_mm / options.min_focal_mm, rng.uniform());
    framing.fill = rng.uniform(options.min_fill, options.max_fill);
    framing.roll = rng.uniform(-1, 1) * options.max_roll_deg * kDegree;
    framing.offset.x() = rng.uniform(-1, 1);
    framing.offset.y() = rng.uniform(-1, 1);
    framing.principal.x() = rng.uniform(-1, 1);
    framing.principal.y() = rng.uniform(-1, 1);
    framing.truncated = rng.uniform() < options.truncation;
    return framing;
}

/// Every point at least a fiftieth of the picture away from its border.
bool all_inside(const Camera& camera, const Points& points_in_world) {
    for (Eigen::Index i = 0; i < points_in_world.rows(); ++i) {
        const Vec3 in_cam = camera.cam_from_world * Vec3(points_in_world.row(i).transpose());
        const Vec2 px = in_cam.z() > 1e-3 ? camera.project(in_cam) : Vec2(-1, -1);
        if (!(px.x() > 0.02 * camera.width && px.x() < 0.98 * camera.width &&
              px.y() > 0.02 * camera.height && px.y() < 0.98 * camera.height)) {
            return false;
        }
    }
    return true;
}

/// A camera with its middle on the points, turned in place: rolled, and so that they leave the
/// middle as far as they fit.
Camera framed(const Rigid3& cam_from_world,
              const Points& points_in_world,
              const Framing& framing,
              const TrackOptions& options) {
    const Rigid3 rolled = Rigid3{rotation_about(2, framing.roll), Vec3::Zero()} * cam_from_world;
    Camera camera =
        camera_that_fits(rolled, points_in_world, options.width, options.height, framing.fill);
    Intrinsics& k = camera.intrinsics;
    const Vec2 extent = k.fx * extent_in_cam(rolled, points_in_world); // from the middle, px
    const Vec2 half(0.5 * options.width, 0.5 * options.height);
    k.cx += framing.principal.x() * options.max_principal_offset * options.width;
    k.cy += framing.principal.y() * options.max_principal_offset * options.width;
    const Vec2 room = framing.truncated ? half : Vec2(0.96 * half - extent);
    Vec2 offset = framing.offset.cwiseProduct(options.off_centre * room);
    for (int attempt = 0; attempt < 6; ++attempt, offset *= 0.5) {
        // Towards what comes to lie in the middle, off which the hands are then.
        const Vec3 ahead(-offset.x() / k.fx, -offset.y() / k.fy, 1);
        const Rigid3 turned{look_at(Vec3::Zero(), ahead, Vec3(0, -1, 0)).rotation, Vec3::Zero()};
        camera.cam_from_world = turned * rolled;
        if (framing.truncated || all_inside(camera, points_in_world)) {
            return camera;
        }
    }
    camera.cam_from_world = rolled;
    return camera;
}

void require_range(bool good, const char* field, const char* range) {
    RIH_REQUIRE(good, "camera tracks: {} must be {}", field, range);
}

} // namespace

void TrackOptions::validate() const {
    for (const TrackCircle& circle : circles) {
        require_range(std::abs(circle.tilt_deg) <= 90 && std::isfinite(circle.node_deg),
                      "tilt_deg",
                      "-90..90");
    }
    require_range(views_per_track >= 1 && views_per_track <= 10000, "views_per_track", "1..10000");
    require_range(width >= 16 && width <= 8192, "width", "16..8192");
    require_range(height >= 16 && height <= 8192, "height", "16..8192");
    require_range(min_focal_mm >= 10 && max_focal_mm <= 1000 && min_focal_mm <= max_focal_mm,
                  "min_focal_mm <= max_focal_mm",
                  "10..1000");
    require_range(min_distance_m >= 0.2 && max_distance_m <= 10 && min_distance_m <= max_distance_m,
                  "min_distance_m <= max_distance_m",
                  "0.2..10");
    require_range(min_fill >= 0.05 && max_fill <= 0.95 && min_fill <= max_fill,
                  "min_fill <= max_fill",
                  "0.05..0.95");
    require_range(off_centre >= 0 && off_centre <= 1, "off_centre", "0..1");
    require_range(max_roll_deg >= 0 && max_roll_deg <= 180, "max_roll_deg", "0..180");
    require_range(
        max_principal_offset >= 0 && max_principal_offset <= 0.2, "max_principal_offset", "0..0.2");
    require_range(truncation >= 0 && truncation <= 1, "truncation", "0..1");
}

std::vector<TrackPlace> track_places(int views_per_track, double start_deg) {
    RIH_REQUIRE(views_per_track >= 1, "views_per_track must be at least 1");
    std::vector<TrackPlace> places;
    for (int track = 0; track < kTrackCount; ++track) {
        for (int i = 0; i < views_per_track; ++i) {
            places.push_back({track, std::fmod(start_deg + 360.0 * i / views_per_track, 360.0)});
        }
    }
    return places;
}

Rigid3 track_cam_from_world(const TrackCircle& circle,
                            double azimuth_deg,
                            double distance_m,
                            const Vec3& target_in_world) {
    const Vec3 direction = eye_direction(circle, azimuth_deg);
    // Straight above or below, where "up" has no meaning, the picture turns with the track.
    const bool vertical = std::abs(direction.y()) > 0.9999;
    const Vec3 up = vertical ? eye_direction(circle, azimuth_deg + 90.0) : Vec3(Vec3::UnitY());
    return look_at(distance_m * direction, target_in_world, up);
}

Camera camera_that_fits(const Rigid3& cam_from_world,
                        const Points& points_in_world,
                        int width,
                        int height,
                        double fill) {
    const Vec2 extent = extent_in_cam(cam_from_world, points_in_world);
    const Vec2 half(0.5 * width, 0.5 * height);
    const double focal = fill * (half.array() / extent.array().max(1e-4)).minCoeff();
    Camera camera;
    camera.width = width;
    camera.height = height;
    camera.intrinsics = {.fx = focal, .fy = focal, .cx = half.x(), .cy = half.y()};
    camera.cam_from_world = cam_from_world;
    return camera;
}

View sample_view(const ViewKey& key,
                 const Points& keypoints_in_world,
                 const TrackOptions& options) {
    options.validate();
    RIH_REQUIRE(key.view >= 0 && keypoints_in_world.rows() > 0 && keypoints_in_world.allFinite(),
                "a view needs a view index >= 0 and finite keypoints");
    const int round_size = kTrackCount * options.views_per_track;
    const int round = key.view / round_size, turn = key.view % round_size;

    // What the views of one round share: the start of each circle, and the order of the places.
    const std::uint64_t round_id = mix_bits(key.pose_id) + static_cast<std::uint64_t>(round);
    Rng shared(key.seed, round_id, "view order");
    std::array<double, kTrackCount> start_deg{};
    for (double& start : start_deg) {
        start = shared.uniform(0.0, 360.0 / options.views_per_track);
    }
    std::vector<TrackPlace> places = track_places(options.views_per_track);
    for (std::size_t i = 0; i <= static_cast<std::size_t>(turn); ++i) {
        const std::size_t left = places.size() - i;
        std::swap(places[i], places[i + shared.uniform_index(static_cast<std::uint32_t>(left))]);
    }

    View view;
    view.place = places[static_cast<std::size_t>(turn)];
    const auto track = static_cast<std::size_t>(view.place.track);
    view.place.azimuth_deg = std::fmod(view.place.azimuth_deg + start_deg[track], 360.0);

    Rng own(key.seed, mix_bits(round_id) + static_cast<std::uint64_t>(turn), "view");
    const Framing framing = draw_framing(options, own);
    const Vec3 centre = centre_of(keypoints_in_world);
    const auto at_distance = [&](double distance) {
        return track_cam_from_world(
            options.circles[track], view.place.azimuth_deg, distance, centre);
    };
    const double radius = keypoints_in_world.rowwise().norm().maxCoeff();
    // Nothing so near that it is all perspective.
    double near = std::max(options.min_distance_m, 1.5 * radius + 0.05);
    double far = std::max(options.max_distance_m, near);
    const double focal_px = framing.focal_mm / 36 * options.width;
    for (int step = 0; step < 40; ++step) { // hands shrink with the distance
        const double middle = 0.5 * (near + far);
        const bool too_large = camera_that_fits(at_distance(middle),
                                                keypoints_in_world,
                                                options.width,
                                                options.height,
                                                framing.fill)
                                   .intrinsics.fx < focal_px;
        (too_large ? near : far) = middle;
    }
    view.distance_m = far;
    view.camera = framed(at_distance(far), keypoints_in_world, framing, options);
    return view;
}

std::optional<View> sample_first_person(const ViewKey& key,
                                        const Points& keypoints_in_world,
                                        const std::array<Forearm, 2>& forearms,
                                        const TrackOptions& options) {
    options.validate();
    const Vec3 right = forearms[0].elbow_in_world - forearms[1].elbow_in_world;
    const Vec3 wrists = 0.5 * (forearms[0].wrist_in_world + forearms[1].wrist_in_world);
    const Vec3 elbows = 0.5 * (forearms[0].elbow_in_world + forearms[1].elbow_in_world);
    const Vec3 ahead = wrists - elbows;
    const Vec3 up = right.cross(ahead);
    // The sine of the angle between what should be square to each other, and forearms that oppose
    // each other so that ahead is nowhere.
    if (!(up.norm() > 0.5 * right.norm() * ahead.norm()) || !(ahead.norm() > 0.08)) {
        return std::nullopt;
    }
    Rng own(key.seed, mix_bits(key.pose_id) + static_cast<std::uint64_t>(key.view), "first person");
    const Framing framing = draw_framing(options, own);
    // Eyes are some 30 cm above the elbows' height when hands are held before the body, and a
    // little behind the elbows; hands are looked at from 30 to 50 cm.
    const Vec3 back = -ahead.normalized(), above = up.normalized(), aside = right.normalized();
    const double pitch = own.uniform(40, 75) * kDegree; // between line of sight and forearms
    const double turn = own.uniform(-8, 8) * kDegree;
    const double distance = own.uniform(0.30, 0.50);
    const Vec3 direction = std::cos(pitch) * (std::cos(turn) * back + std::sin(turn) * aside) +
                           std::sin(pitch) * above;
    const Vec3 centre = centre_of(keypoints_in_world);
    const Vec3 eye = centre + distance * direction;
    View view;
    view.place = {kFirstPersonTrack, 0};
    view.distance_m = eye.norm();
    if (view.distance_m < options.min_distance_m) {
        return std::nullopt;
    }
    const Rigid3 cam_from_world = look_at(eye, centre, above);
    if ((cam_from_world.apply(keypoints_in_world).col(2).array() < 0.1).any()) {
        return std::nullopt;
    }
    view.camera = framed(cam_from_world, keypoints_in_world, framing, options);
    return view;
}

} // namespace rih
