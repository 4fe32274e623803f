// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/camera_colour.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

CameraColour wrong_camera() {
    return {.overlap = 0.8, .error = {0.05, -0.03, 0.02, 0.04, -0.05, 0.01}, .saturation = 1.3};
}

TEST(CameraColour, KeepsGreysThroughEveryMatrix) {
    const CameraColour camera = wrong_camera();
    EXPECT_LT((camera.camera_from_rec709() * Vec3::Ones() - Vec3::Ones()).norm(), 1e-12);
    EXPECT_LT((camera.rec709_from_camera() * Vec3::Ones() - Vec3::Ones()).norm(), 1e-12);
}

TEST(CameraColour, WithoutErrorTheMatricesUndoEachOther) {
    const CameraColour camera{.overlap = 0.9, .error = {}, .saturation = 1};
    const Mat3 both = camera.rec709_from_camera() * camera.camera_from_rec709();
    EXPECT_LT((both - Mat3::Identity()).norm(), 1e-12);
}

TEST(CameraColour, ErrorsStandWhereTheirNamesSay) {
    CameraColour camera{.overlap = 0, .error = {}, .saturation = 1};
    camera.error[0] = 0.1; // red from green
    EXPECT_NEAR((camera.rec709_from_camera() * Vec3(0, 1, 0)).x(), 0.1, 1e-12);
    camera.error = {};
    camera.error[5] = 0.2; // blue from green
    EXPECT_NEAR((camera.rec709_from_camera() * Vec3(0, 1, 0)).z(), 0.2, 1e-12);
}

TEST(CameraColour, SaturationKeepsLuminance) {
    CameraColour camera{.overlap = 0, .error = {}, .saturation = 1.5};
    const Vec3 weights(0.2126, 0.7152, 0.0722), colour(0.6, 0.3, 0.2);
    const Vec3 stronger = camera.rec709_from_camera() * colour;
    EXPECT_NEAR(weights.dot(stronger), weights.dot(colour), 1e-12);
    EXPECT_GT(stronger.x() - stronger.z(), colour.x() - colour.z());
}

TEST(CameraColour, WhiteBalanceTakesItsPartOfTheCast) {
    const auto all = white_balance({0.5, 0.4, 0.25}, 1);
    EXPECT_NEAR(all[0] * 0.5, 0.4, 1e-12);
    EXPECT_NEAR(all[2] * 0.25, 0.4, 1e-12);
    EXPECT_EQ(all[1], 1);
    const auto half = white_balance({0.5, 0.4, 0.25}, 0.5);
    EXPECT_NEAR(half[0] * half[0], all[0], 1e-12);
    const auto none = white_balance({0.5, 0.4, 0.25}, 0);
    EXPECT_EQ(none[0], 1);
    EXPECT_LE(white_balance({1e-12, 1, 1}, 1)[0], 2); // no colour is invented
}

TEST(CameraColour, OneLampDoesNotRuleTheCast) {
    ImageF image(100, 100, 3, 0.2f);
    image.at(3, 3, 0) = 1e6f;
    const auto cast = mean_colour(image, 0.8);
    EXPECT_NEAR(cast[0] / cast[1], 1, 0.01);
}

} // namespace
} // namespace rih
