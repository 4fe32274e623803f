// SPDX-License-Identifier: Apache-2.0
#include "renderih/math/camera.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

TEST(Camera, LookAtPutsTheTargetOnTheAxisAndUpIsUp) {
    const Rigid3 cam_from_world = look_at({1, 2, 3}, {0, 0.5, 0}, {0, 1, 0});
    EXPECT_NEAR(cam_from_world.rotation.determinant(), 1.0, 1e-12);
    const Vec3 target = cam_from_world * Vec3(0, 0.5, 0);
    EXPECT_NEAR(target.x(), 0, 1e-12);
    EXPECT_NEAR(target.y(), 0, 1e-12);
    EXPECT_GT(target.z(), 0);
    // y points down in the image, so something above the target has a smaller y.
    EXPECT_LT((cam_from_world * Vec3(0, 0.6, 0)).y(), 0);
}

TEST(Camera, RightHandedView) {
    // From +z looking at the origin, world +x is on the right of the image.
    const Rigid3 cam_from_world = look_at({0, 0, 1}, {0, 0, 0}, {0, 1, 0});
    EXPECT_GT((cam_from_world * Vec3(0.1, 0, 0)).x(), 0);
}

TEST(Camera, AKnownPointFallsOnAKnownPixel) {
    Camera camera;
    camera.intrinsics = {.fx = 600, .fy = 610, .cx = 250, .cy = 160};
    // x right, y down, z forward: 0.1 m right of and 0.2 m below the axis, 0.5 m away.
    const Vec2 pixel = camera.project({0.1, 0.2, 0.5});
    EXPECT_NEAR(pixel.x(), 250 + 600 * 0.2, 1e-12);
    EXPECT_NEAR(pixel.y(), 160 + 610 * 0.4, 1e-12);
}

TEST(Camera, ProjectionInvertsTheRay) {
    Camera camera;
    camera.intrinsics = {600, 610, 250, 160};
    const Vec2 pixel(17.5, 300.25);
    EXPECT_LT((camera.project(2.5 * camera.ray_in_cam(pixel)) - pixel).norm(), 1e-10);
}

TEST(Rigid3, ComposeAndInvert) {
    const Rigid3 a = look_at({1, 2, 3}, {0, 0, 0}, {0, 1, 0}),
                 b = look_at({-1, 0, 2}, {0, 1, 0}, {0, 1, 0});
    const Vec3 x(0.3, -0.2, 0.9);
    EXPECT_LT((a * (b * x) - (a * b) * x).norm(), 1e-12);
    EXPECT_LT((a.inverse() * (a * x) - x).norm(), 1e-12);
}

} // namespace
} // namespace rih
