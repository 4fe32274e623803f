// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/keypoint_visibility.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

// A camera at z = -1 that looks along +z at keypoints near the origin; the hand's vertices are 1 cm
// from every keypoint.
struct Setting {
    Camera camera;
    Points vertices{1, 3}, keypoints{21, 3};

    Setting() {
        camera.width = 100;
        camera.height = 100;
        camera.intrinsics = {100, 100, 50, 50};
        camera.cam_from_world = look_at({0, 0, -1}, {0, 0, 0}, {0, 1, 0});
        keypoints.setZero();
        vertices << 0.01, 0, 0;
    }
};

TEST(KeypointVisibility, TellsWhatIsInTheWay) {
    Setting s;
    s.keypoints.row(1) << 2, 0, 0;  // out of the picture
    s.keypoints.row(2) << 0, 0, -3; // behind the camera
    int asked = 0, close = 0;
    const auto seen = keypoint_visibility(
        s.camera, 1, s.vertices, s.keypoints, [&](const Vec3&, const Vec3&, double margin) {
            if (margin == 0) { // asked when nothing else is in the way
                return ++close == 1 ? 1 : close == 2 ? 3 : -1;
            }
            const std::array<int, 5> answers{-1, 1, 0, 3, -1};
            return answers[static_cast<std::size_t>(std::min(asked++, 4))];
        });
    EXPECT_TRUE(seen.visible[0]);
    EXPECT_EQ(seen.occluded_by[0], OccludedBy::None);
    EXPECT_EQ(seen.occluded_by[1], OccludedBy::Frame);
    EXPECT_EQ(seen.occluded_by[2], OccludedBy::Frame);
    EXPECT_EQ(seen.occluded_by[3], OccludedBy::Self);
    EXPECT_EQ(seen.occluded_by[4], OccludedBy::Other);
    EXPECT_EQ(seen.occluded_by[5], OccludedBy::Thing);
    EXPECT_FALSE(seen.visible[3]);
    EXPECT_FALSE(seen.visible[4]);
    EXPECT_FALSE(seen.visible[5]);
    EXPECT_EQ(seen.occluded_by[6], OccludedBy::Thing) << "a sleeve about it";
    EXPECT_FALSE(seen.visible[6]);
    EXPECT_TRUE(seen.visible[7]);
}

TEST(KeypointVisibility, TheEndOfTheLineMayRunThroughFlesh) {
    const Setting s;
    keypoint_visibility(
        s.camera, 0, s.vertices, s.keypoints, [&](const Vec3& from, const Vec3& to, double margin) {
            EXPECT_NEAR((from - Vec3(0, 0, -1)).norm(), 0, 1e-12);
            EXPECT_NEAR(to.norm(), 0, 1e-12);
            EXPECT_NEAR(margin, margin == 0 ? 0 : 1.5 * 0.01 + 0.002, 1e-12);
            return -1;
        });
}

} // namespace
} // namespace rih
