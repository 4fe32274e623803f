// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/out_of_focus.h"

#include "renderih/base/rng.h"
#include "renderih/render/environment_table.h"
#include "renderih/render/testing/test_scenes.h"

#include <cmath>
#include <gtest/gtest.h>

namespace rih {
namespace {

using testing::make_camera;
using testing::make_environment;
using testing::make_scene_mesh;

TEST(OutOfFocus, ADotBecomesADiscOfItsLight) {
    ImageF image(61, 61, 3);
    image.at(30, 30, 1) = 1;
    for (const double diameter : {1.5, 5.0, 7.5, 21.0}) {
        const ImageF disc = blurred_by_disc(image, diameter);
        double sum = 0, square = 0;
        for (int y = 0; y < 61; ++y) {
            for (int x = 0; x < 61; ++x) {
                const double value = static_cast<double>(disc.at(x, y, 1));
                sum += value;
                square += value * ((x - 30) * (x - 30) + (y - 30) * (y - 30));
            }
        }
        EXPECT_NEAR(sum, 1, 0.01) << diameter;
        // A disc's second moment is r^2 / 2, the pixel's own 1/6.
        EXPECT_NEAR(square, diameter * diameter / 8 + 1.0 / 6, 0.12 + 0.02 * square) << diameter;
        EXPECT_NEAR(disc.at(30, 30, 1),
                    1 / std::max(kPi * diameter * diameter / 4, 1.0),
                    0.03 / std::max(1.0, diameter))
            << diameter;
    }
}

TEST(OutOfFocus, WhatIsConstantStaysUpToTheBorder) {
    const ImageF image(20, 10, 3, 0.7f);
    const ImageF disc = blurred_by_disc(image, 9);
    for (const float value : disc.values()) {
        EXPECT_NEAR(value, 0.7, 1e-6);
    }
}

// Inside the picture small discs take another way than at its border: where a disc nearly touches
// the border of a part of the picture, but not that of the whole, both must agree.
TEST(OutOfFocus, BothWaysToASmallDiscAgree) {
    ImageF whole(24, 18, 3), part(23, 18, 3);
    Rng rng(7, 0, "picture");
    for (int y = 0; y < 18; ++y) {
        for (int x = 0; x < 24; ++x) {
            for (int c = 0; c < 3; ++c) {
                whole.at(x, y, c) = rng.uniform_float();
                if (x > 0) {
                    part.at(x - 1, y, c) = whole.at(x, y, c);
                }
            }
        }
    }
    for (const double diameter : {0.8, 2.1, 2.9, 4.1, 4.9}) {
        const int reach = static_cast<int>(std::ceil(diameter / 2));
        const ImageF of_whole = blurred_by_disc(whole, diameter);
        const ImageF of_part = blurred_by_disc(part, diameter);
        for (int c = 0; c < 3; ++c) {
            EXPECT_NEAR(of_part.at(reach - 1, 9, c), of_whole.at(reach, 9, c), 1e-6) << diameter;
        }
    }
}

TEST(OutOfFocus, SurfacesInReachAreThoseOfTheSquareAround) {
    Image8 hand(20, 20, 1);
    hand.at(10, 10) = 1;
    hand.at(3, 10) = 2;
    const Image8 bits = surfaces_in_reach(hand, 3);
    EXPECT_EQ(bits.at(13, 13), 1 | 2);
    EXPECT_EQ(bits.at(14, 10), 1);
    EXPECT_EQ(bits.at(0, 7), 1 | 4);
    EXPECT_EQ(bits.at(6, 10), 1 | 4);
    EXPECT_EQ(bits.at(7, 10), 1 | 2);
}

/// A small bright square at `z` before a black environment.
Scene square_at(double z, double half) {
    Scene scene;
    Material material = testing::matte(0);
    scene.meshes.push_back(make_scene_mesh(
        testing::make_mesh({{-half, -half, z}, {half, -half, z}, {half, half, z}, {-half, half, z}},
                           {{0, 2, 1}, {0, 3, 2}}),
        material));
    scene.environment = testing::constant_environment(1);
    return scene;
}

Camera straight_camera() {
    Camera camera; // at the origin, along +z
    camera.width = camera.height = 64;
    camera.intrinsics = {100, 100, 32, 32};
    return camera;
}

// A black square's shadow on the white environment: its light is spread over the disc that the
// formula says, whether it lies before or behind the sharp plane, and all of it is kept.
TEST(OutOfFocus, ASurfaceIsSpreadOverItsCircleOfConfusion) {
    const Camera camera = straight_camera();
    for (const double z : {0.5, 2.0}) {
        const SceneTracer tracer(square_at(z, 0.02 * z)); // 4 px wide
        RenderOptions options{.spp = 256};
        options.lens = {.aperture_m = 0.1, .focus_m = 1};
        const double circle = options.lens.circle_px(camera.intrinsics, z);
        const ImageF picture = tracer.render(camera, options).radiance;
        double dark = 0, square = 0;
        for (int y = 0; y < 64; ++y) {
            for (int x = 0; x < 64; ++x) {
                const double value = 1 - static_cast<double>(picture.at(x, y, 1));
                dark += value;
                square += value * (std::pow(x + 0.5 - 32, 2) + std::pow(y + 0.5 - 32, 2));
            }
        }
        EXPECT_NEAR(dark, 16, 0.5) << z;
        // Of the square 2 * 4^2 / 12, of the disc circle^2 / 8, of the pixel 1/6.
        EXPECT_NEAR(square / dark, 32.0 / 12 + circle * circle / 8 + 1.0 / 6, 0.5) << z;
    }
}

TEST(OutOfFocus, InTheSharpPlaneALensIsAPinhole) {
    const Camera camera = straight_camera();
    const SceneTracer tracer(square_at(1, 0.06));
    RenderOptions options{.spp = 64};
    const ImageF pinhole = tracer.render(camera, options).radiance;
    options.lens = {.aperture_m = 0.1, .focus_m = 1};
    const ImageF lens = tracer.render(camera, options).radiance;
    for (std::size_t i = 0; i < lens.values().size(); ++i) {
        EXPECT_NEAR(lens.values()[i], pinhole.values()[i], 0.12) << i;
    }
}

TEST(OutOfFocus, MotionSpreadsAlongItself) {
    const Camera camera = straight_camera();
    const SceneTracer tracer(square_at(1, 0.02));
    RenderOptions options{.spp = 256};
    options.lens.motion = {12, 0};
    const ImageF picture = tracer.render(camera, options).radiance;
    double dark = 0, along = 0, across = 0;
    for (int y = 0; y < 64; ++y) {
        for (int x = 0; x < 64; ++x) {
            const double value = 1 - static_cast<double>(picture.at(x, y, 1));
            dark += value;
            along += value * std::pow(x + 0.5 - 32, 2);
            across += value * std::pow(y + 0.5 - 32, 2);
        }
    }
    EXPECT_NEAR(dark, 16, 0.5);
    EXPECT_NEAR(along / dark, 16.0 / 12 + 144.0 / 12 + 1.0 / 12, 0.5);
    EXPECT_NEAR(across / dark, 16.0 / 12 + 1.0 / 12, 0.2);
}

// The noise-free environment against samples of the lens and the exposure.
TEST(OutOfFocus, TheEnvironmentIsTheMeanOverLensAndExposure) {
    const auto environment = make_environment(256, 128, [](const Vec3& d) {
        return Vec3(1 + std::sin(25 * d.x()), d.y() > 0.05 ? 3 : 0.2, 1 + std::cos(31 * d.y()));
    });
    const EnvironmentTable table(*environment);
    const EnvironmentView view = table.view();
    const Camera camera = straight_camera();
    const CameraLens lens{.aperture_m = 0.08, .focus_m = 1, .motion = {4, -3}};
    CameraRays rays;
    rays.per_x = {0.01f, 0, 0};
    rays.per_y = {0, 0.01f, 0};
    rays.of_corner = {-0.32f, -0.32f, 1};
    rays.lens_x = {0.04f, 0, 0};
    rays.lens_y = {0, 0.04f, 0};
    rays.focus = 1;
    rays.turn = {0.03f, 0.04f, 0};
    const ImageF through = environment_through_lens(view, rays, camera, lens);
    for (const auto [x, y] : {std::array{0, 0}, {20, 35}, {40, 27}, {63, 63}}) {
        Vec3f sum;
        constexpr int kSamples = 20000;
        Rng rng(1, static_cast<std::uint64_t>(64 * y + x), "lens samples");
        for (int i = 0; i < kSamples; ++i) {
            const float px = static_cast<float>(x) + rng.uniform_float();
            const float py = static_cast<float>(y) + rng.uniform_float();
            const Vec2f on_lens =
                sample_concentric_disk({rng.uniform_float(), rng.uniform_float()});
            sum += view.eval(rays.ray(px, py, on_lens, rng.uniform_float() - 0.5f).direction);
        }
        for (int c = 0; c < 3; ++c) {
            EXPECT_NEAR(through.at(x, y, c), sum[c] / kSamples, 0.04) << x << " " << y << " " << c;
        }
    }
}

} // namespace
} // namespace rih
