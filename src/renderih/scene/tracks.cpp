// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/tracks.h"

#include "renderih/base/error.h"

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
    require_range(min_distance_m >= 0.2 && max_distance_m <= 10 && min_distance_m <= max_distance_m,
                  "min_distance_m <= max_distance_m",
                  "0.2..10");
    require_range(min_fill >= 0.05 && max_fill <= 0.95 && min_fill <= max_fill,
                  "min_fill <= max_fill",
                  "0.05..0.95");
    require_range(aim_jitter >= 0 && aim_jitter <= 0.5 * (1 - max_fill),
                  "aim_jitter",
                  "0..(1 - max_fill) / 2");
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
    const Vec3 low = keypoints_in_world.colwise().minCoeff();
    const Vec3 high = keypoints_in_world.colwise().maxCoeff();
    const Vec3 centre = 0.5 * (low + high);
    const double radius = keypoints_in_world.rowwise().norm().maxCoeff();
    view.distance_m = std::max(own.uniform(options.min_distance_m, options.max_distance_m),
                               1.5 * radius + 0.05); // nothing so near that it is all perspective
    const double fill = own.uniform(options.min_fill, options.max_fill);
    const Vec2 aim(own.uniform(-1, 1), own.uniform(-1, 1));
    const Rigid3 cam_from_world = track_cam_from_world(
        options.circles[track], view.place.azimuth_deg, view.distance_m, centre);
    view.camera =
        camera_that_fits(cam_from_world, keypoints_in_world, options.width, options.height, fill);

    // Turn the camera in place so that the centre leaves the middle a little.
    const double step = options.aim_jitter * options.height / view.camera.intrinsics.fx;
    const Rigid3 turned{
        look_at(Vec3::Zero(), Vec3(-step * aim.x(), -step * aim.y(), 1.0), Vec3(0, -1, 0)).rotation,
        Vec3::Zero()};
    Camera jittered = view.camera;
    jittered.cam_from_world = turned * cam_from_world;
    const Vec2 extent = extent_in_cam(jittered.cam_from_world, keypoints_in_world);
    if (extent.x() * jittered.intrinsics.fx < 0.48 * options.width &&
        extent.y() * jittered.intrinsics.fy < 0.48 * options.height) {
        view.camera = jittered;
    }
    return view;
}

} // namespace rih
