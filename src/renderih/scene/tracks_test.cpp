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
    double off_centre = 0, roll = 0;
    for (std::uint64_t pose = 0; pose < 20; ++pose) {
        const Points points = hands(pose);
        for (int v = 0; v < 40; ++v) {
            const View view = sample_view({.seed = 3, .pose_id = pose, .view = v}, points);
            EXPECT_NEAR(eye_in_world(view.camera.cam_from_world).norm(), view.distance_m, 1e-9);
            EXPECT_GE(view.distance_m, options.min_distance_m);
            EXPECT_LE(view.distance_m, options.max_distance_m);
            Vec2 low(1e9, 1e9), high(-1e9, -1e9);
            for (Eigen::Index i = 0; i < points.rows(); ++i) {
                const Vec2 pixel = view.camera.project(view.camera.cam_from_world *
                                                       Vec3(points.row(i).transpose()));
                EXPECT_GT(pixel.x(), 0.02 * options.width);
                EXPECT_LT(pixel.x(), 0.98 * options.width);
                EXPECT_GT(pixel.y(), 0.02 * options.height);
                EXPECT_LT(pixel.y(), 0.98 * options.height);
                low = low.cwiseMin(pixel);
                high = high.cwiseMax(pixel);
            }
            // The fill is that of twice the longer side from the middle of the box in space, which
            // perspective moves.
            const Vec2 size = (high - low).cwiseQuotient(Vec2(options.width, options.height));
            EXPECT_GT(size.maxCoeff(), 0.75 * options.min_fill);
            EXPECT_LT(size.maxCoeff(), 1.1 * options.max_fill);
            const Vec2 middle =
                0.5 * (low + high).cwiseQuotient(Vec2(options.width, options.height));
            off_centre = std::max(off_centre, (middle - Vec2(0.5, 0.5)).cwiseAbs().maxCoeff());
            const Vec3 up_in_cam = view.camera.cam_from_world.rotation * Vec3::UnitY();
            roll = std::max(roll, std::abs(std::atan2(up_in_cam.x(), -up_in_cam.y())) / kDegree);
        }
    }
    EXPECT_GT(off_centre, 0.12);
    EXPECT_GT(roll, 8);
    EXPECT_LT(roll, 45); // steep views turn with the way the camera does
}

// Long lenses stand back, so that hands are as large as with short ones.
TEST(Tracks, DistanceFollowsTheLens) {
    TrackOptions options;
    options.min_focal_mm = options.max_focal_mm = 35;
    const View wide = sample_view({.seed = 3, .pose_id = 1, .view = 0}, hands(1), options);
    options.min_focal_mm = options.max_focal_mm = 70;
    const View tele = sample_view({.seed = 3, .pose_id = 1, .view = 0}, hands(1), options);
    EXPECT_NEAR(wide.camera.intrinsics.fx / options.width * 36, 35, 4);
    EXPECT_NEAR(tele.camera.intrinsics.fx / options.width * 36, 70, 8);
    EXPECT_GT(tele.distance_m, 1.6 * wide.distance_m);
}

TEST(Tracks, TruncatedViewsCutHandsOff) {
    TrackOptions options;
    options.truncation = 1;
    int outside = 0;
    for (int v = 0; v < 40; ++v) {
        const View view = sample_view({.seed = 3, .pose_id = 1, .view = v}, hands(1), options);
        bool cut = false;
        const Points points = hands(1);
        for (Eigen::Index i = 0; i < points.rows(); ++i) {
            const Vec2 px =
                view.camera.project(view.camera.cam_from_world * Vec3(points.row(i).transpose()));
            cut = cut || px.x() < 0 || px.y() < 0 || px.x() > options.width ||
                  px.y() > options.height;
        }
        outside += cut;
    }
    EXPECT_GT(outside, 15);
}

/// Hands at the origin, held by arms that come from +z, elbows low and apart.
std::array<Forearm, 2> arms() {
    return {{{{0.1, 0, 0.05}, {0.18, -0.08, 0.25}}, {{-0.1, 0, 0.05}, {-0.18, -0.08, 0.25}}}};
}

TEST(FirstPerson, LooksDownOnTheHandsFromBehindThem) {
    for (int v = 0; v < 30; ++v) {
        const auto view =
            sample_first_person({.seed = 3, .pose_id = 4, .view = v}, hands(2), arms());
        ASSERT_TRUE(view);
        EXPECT_EQ(view->place.track, kFirstPersonTrack);
        const Vec3 eye = eye_in_world(view->camera.cam_from_world);
        EXPECT_GT(eye.y(), 0.06);
        EXPECT_GT(eye.z(), 0.05);
        EXPECT_LT(std::abs(eye.x()), 0.2);
        EXPECT_NEAR(eye.norm(), view->distance_m, 1e-9);
        // The right hand is on the right, elbows are below the hands.
        const auto px = [&](const Vec3& p) {
            return view->camera.project(view->camera.cam_from_world * p);
        };
        EXPECT_GT(px(arms()[0].wrist_in_world).x(), px(arms()[1].wrist_in_world).x());
    }
}

TEST(FirstPerson, ArmsThatNobodyHasGiveNoView) {
    std::array<Forearm, 2> crossed = arms(); // one elbow straight before the other
    crossed[0].elbow_in_world = {0, 0, 0.3};
    crossed[1].elbow_in_world = {0, 0, 0.2};
    EXPECT_FALSE(sample_first_person({.seed = 3, .pose_id = 4, .view = 0}, hands(2), crossed));
    std::array<Forearm, 2> opposed = arms(); // along one line, elbows outwards
    opposed[0].elbow_in_world = {0.4, 0, 0.05};
    opposed[1].elbow_in_world = {-0.4, 0, 0.05};
    EXPECT_FALSE(sample_first_person({.seed = 3, .pose_id = 4, .view = 0}, hands(2), opposed));
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
