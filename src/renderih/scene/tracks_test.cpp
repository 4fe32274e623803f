// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/tracks.h"

#include "renderih/base/error.h"

#include <cmath>
#include <gtest/gtest.h>
#include <set>

namespace rih {
namespace {

Vec3 eye_in_world(const Rigid3& cam_from_world) {
    return cam_from_world.inverse() * Vec3::Zero();
}

/// Two spread hands, about 0.3 x 0.2 x 0.15 m.
Points hands(std::uint64_t seed) {
    Rng rng(seed, 0, "hands");
    Points points(42, 3);
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        points.row(i) << rng.uniform(-0.15, 0.15), rng.uniform(-0.1, 0.1), rng.uniform(-0.07, 0.08);
    }
    return points;
}

TEST(Tracks, CirclesAreGreatCirclesThatLookAtTheTarget) {
    const TrackOptions options;
    const Vec3 target(0.01, -0.02, 0.03);
    for (const TrackCircle& circle : options.circles) {
        const auto eye = [&](double azimuth) {
            return eye_in_world(track_cam_from_world(circle, azimuth, 0.7, target));
        };
        const Vec3 normal = eye(0).cross(eye(90)).normalized();
        EXPECT_NEAR(std::abs(normal.y()), std::cos(circle.tilt_deg * kDegree), 1e-12);
        for (double azimuth = 0; azimuth < 360; azimuth += 17) {
            const Rigid3 pose = track_cam_from_world(circle, azimuth, 0.7, target);
            EXPECT_NEAR(eye(azimuth).norm(), 0.7, 1e-12);
            EXPECT_NEAR(eye(azimuth).dot(normal), 0.0, 1e-12);
            const Vec3 target_in_cam = pose * target;
            EXPECT_GT(target_in_cam.z(), 0.6);
            EXPECT_NEAR(target_in_cam.head<2>().norm(), 0.0, 1e-9);
            // Upright: world up points to smaller y in the picture, and not sideways.
            const Vec3 up_in_cam = pose.rotation * Vec3::UnitY();
            EXPECT_LT(up_in_cam.y(), -0.4);
            EXPECT_NEAR(up_in_cam.x(), 0.0, 1e-12);
        }
    }
}

TEST(Tracks, AVerticalCircleHasNoSingularView) {
    for (double azimuth = 0; azimuth < 360; azimuth += 10) {
        const Rigid3 pose = track_cam_from_world({90, 0}, azimuth, 0.7, Vec3::Zero());
        EXPECT_TRUE(pose.rotation.allFinite());
        EXPECT_NEAR(pose.rotation.determinant(), 1.0, 1e-9);
    }
}

TEST(Tracks, EveryKeypointIsInsideAndFillsThePicture) {
    const TrackOptions options;
    for (std::uint64_t pose = 0; pose < 20; ++pose) {
        const Points points = hands(pose);
        for (int v = 0; v < 40; ++v) {
            const View view = sample_view({.seed = 3, .pose_id = pose, .view = v}, points);
            EXPECT_NEAR(eye_in_world(view.camera.cam_from_world).norm(), view.distance_m, 1e-9);
            EXPECT_GE(view.distance_m, options.min_distance_m);
            EXPECT_LE(view.distance_m, options.max_distance_m);
            double reach = 0;
            for (Eigen::Index i = 0; i < points.rows(); ++i) {
                const Vec2 pixel = view.camera.project(view.camera.cam_from_world *
                                                       Vec3(points.row(i).transpose()));
                EXPECT_GT(pixel.x(), 0.02 * options.width);
                EXPECT_LT(pixel.x(), 0.98 * options.width);
                EXPECT_GT(pixel.y(), 0.02 * options.height);
                EXPECT_LT(pixel.y(), 0.98 * options.height);
                reach = std::max({reach,
                                  std::abs(pixel.x() / options.width - 0.5),
                                  std::abs(pixel.y() / options.height - 0.5)});
            }
            EXPECT_GT(reach, 0.5 * options.min_fill - options.aim_jitter - 0.01);
        }
    }
}

TEST(Tracks, ViewsOfARoundAreAllPlacesOnce) {
    const Points points = hands(1);
    std::set<std::pair<int, int>> seen;
    for (int v = 0; v < 40; ++v) {
        const View view = sample_view({.seed = 3, .pose_id = 9, .view = v}, points);
        seen.insert({view.place.track, static_cast<int>(view.place.azimuth_deg / 36.0)});
    }
    EXPECT_EQ(seen.size(), 40u);
    const View again = sample_view({.seed = 3, .pose_id = 9, .view = 7}, points);
    const View same = sample_view({.seed = 3, .pose_id = 9, .view = 7}, points);
    const View next_round = sample_view({.seed = 3, .pose_id = 9, .view = 47}, points);
    const View other_pose = sample_view({.seed = 3, .pose_id = 10, .view = 7}, points);
    EXPECT_EQ(again.place.azimuth_deg, same.place.azimuth_deg);
    EXPECT_EQ(again.camera.intrinsics.fx, same.camera.intrinsics.fx);
    EXPECT_NE(again.place.azimuth_deg, next_round.place.azimuth_deg);
    EXPECT_NE(again.place.azimuth_deg, other_pose.place.azimuth_deg);
}

TEST(Tracks, DensePlacesDivideEachCircleEvenly) {
    const auto places = track_places(72, 5);
    ASSERT_EQ(places.size(), 4u * 72u);
    EXPECT_DOUBLE_EQ(places[0].azimuth_deg, 5);
    EXPECT_DOUBLE_EQ(places[1].azimuth_deg, 10);
    EXPECT_DOUBLE_EQ(places[71].azimuth_deg, 0);
    EXPECT_EQ(places[72].track, 1);
}

TEST(Tracks, WideHandsMoveTheCameraOut) {
    Points points(2, 3);
    points << -1.5, 0, 0, 1.5, 0, 0;
    const View view = sample_view({.seed = 1, .pose_id = 1, .view = 0}, points);
    EXPECT_GT(view.distance_m, 2.0);
}

TEST(Tracks, ImpossibleOptionsAreNamed) {
    TrackOptions options;
    options.min_distance_m = 2;
    EXPECT_THROW(options.validate(), UserError);
    options = {};
    options.max_fill = 1.5;
    EXPECT_THROW(options.validate(), UserError);
    options = {};
    options.views_per_track = 0;
    EXPECT_THROW(options.validate(), UserError);
}

} // namespace
} // namespace rih
