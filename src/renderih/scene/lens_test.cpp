// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/lens.h"

#include "renderih/base/error.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace rih {
namespace {

Camera camera() {
    Camera camera;
    camera.intrinsics = {800, 800, 256, 167};
    return camera;
}

std::vector<Vec3> keypoints() {
    return {{0, 0, 0.6}, {0.1, 0, 0.7}, {-0.1, 0.05, 0.75}};
}

TEST(Lens, CircleOfConfusionIsThatOfAThinLens) {
    // A 50 mm lens at f/2 on 32 mm: 800 px. In focus at 0.7 m, a point at 1.4 m: by the similar
    // triangles behind the lens the disc is A f' (z - zf) / (z zf), f' the image distance.
    const CameraLens lens{.aperture_m = 0.025, .focus_m = 0.7};
    EXPECT_NEAR(lens.circle_px(camera().intrinsics, 1.4), 800 * 0.025 * 0.7 / (1.4 * 0.7), 1e-12);
    EXPECT_EQ(lens.circle_px(camera().intrinsics, 0.7), 0);
    EXPECT_NEAR(lens.circle_px(camera().intrinsics, std::numeric_limits<double>::infinity()),
                800 * 0.025 / 0.7,
                1e-12);
    EXPECT_TRUE(CameraLens{}.is_pinhole());
}

TEST(Lens, KeepsEveryKeypointSharpEnoughAndItsNumbersTogether) {
    const LensOptions options;
    int moving = 0;
    for (std::uint64_t id = 0; id < 1000; ++id) {
        Rng rng(1, id, "lens");
        const LensDraw draw = draw_lens(options, camera(), keypoints(), rng);
        EXPECT_NEAR(draw.focal_length_mm, 800.0 / 512 * draw.sensor_width_mm, 1e-9);
        EXPECT_NEAR(draw.lens().aperture_m, 1e-3 * draw.focal_length_mm / draw.f_number, 1e-12);
        EXPECT_GE(draw.f_number, 1.8);
        EXPECT_GT(draw.focus_m, 0.6);
        EXPECT_LT(draw.focus_m, 0.75);
        for (const Vec3& keypoint : keypoints()) {
            EXPECT_LE(draw.lens().circle_px(camera().intrinsics, keypoint.z()),
                      options.max_hand_blur * 512 + 1e-9);
        }
        EXPECT_LE(draw.motion.norm(), options.max_motion * 512 + 1e-9);
        moving += !draw.motion.isZero(0);
    }
    EXPECT_NEAR(moving, 50, 25);
}

TEST(Lens, IsAFunctionOfItsKeyAndRefusesWhatItCannotFocusOn) {
    Rng a(1, 2, "lens"), b(1, 2, "lens");
    EXPECT_EQ(draw_lens({}, camera(), keypoints(), a).numbers(),
              draw_lens({}, camera(), keypoints(), b).numbers());
    const std::vector<Vec3> behind{{0, 0, -0.1}};
    EXPECT_THROW(draw_lens({}, camera(), behind, a), UserError);
    LensOptions options;
    options.motion_probability = 2;
    EXPECT_THROW(options.validate(), UserError);
}

} // namespace
} // namespace rih
