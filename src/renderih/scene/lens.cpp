// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/lens.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rih {

namespace {

/// A kind of camera: how often it is drawn, the width of its sensor, and how far its lenses open.
struct Body {
    double share, sensor_width_mm, min_f_number, max_f_number;
};
constexpr std::array kBodies{
    Body{0.50, 4.8, 1.8, 2.8}, // phones, webcams, headsets: 1/3"
    Body{0.25, 13.2, 2.8, 8},  // 1"
    Body{0.15, 23.5, 2.8, 11}, // APS-C
    Body{0.10, 36, 2.8, 16},   // full frame
};

const Body& draw_body(double u) {
    for (const Body& body : kBodies) {
        if (u < body.share) {
            return body;
        }
        u -= body.share;
    }
    return kBodies.back();
}

double log_uniform(Rng& rng, double low, double high) {
    return low * std::pow(high / low, rng.uniform());
}

} // namespace

double CameraLens::circle_px(const Intrinsics& intrinsics, double z) const {
    return intrinsics.fx * aperture_m * std::abs(1 / focus_m - 1 / z);
}

void LensOptions::validate() const {
    RIH_REQUIRE(max_hand_blur >= 0 && max_hand_blur <= 0.05, "lens: max_hand_blur must be 0..0.05");
    RIH_REQUIRE(motion_probability >= 0 && motion_probability <= 1,
                "lens: motion_probability must be 0..1");
    RIH_REQUIRE(max_motion >= 0 && max_motion <= 0.05, "lens: max_motion must be 0..0.05");
}

CameraLens LensDraw::lens() const {
    return {1e-3 * focal_length_mm / f_number, focus_m, motion};
}

std::map<std::string, double> LensDraw::numbers() const {
    return {{"sensor_width_mm", sensor_width_mm},
            {"focal_length_mm", focal_length_mm},
            {"f_number", f_number},
            {"focus_distance_m", focus_m},
            {"shutter_s", shutter_s},
            {"motion_x_px", motion.x()},
            {"motion_y_px", motion.y()}};
}

LensDraw draw_lens(const LensOptions& options,
                   const Camera& camera,
                   std::span<const Vec3> keypoints_in_cam,
                   Rng& rng) {
    options.validate();
    RIH_ASSERT(!keypoints_in_cam.empty(), "a lens needs something to focus on");
    double nearest = keypoints_in_cam[0].z(), farthest = nearest;
    for (const Vec3& keypoint : keypoints_in_cam) {
        nearest = std::min(nearest, keypoint.z());
        farthest = std::max(farthest, keypoint.z());
    }
    RIH_REQUIRE(nearest > 0, "a keypoint lies behind the camera: a lens cannot focus on it");

    const Body& body = draw_body(rng.uniform());
    LensDraw draw;
    draw.sensor_width_mm = body.sensor_width_mm;
    draw.focal_length_mm = camera.intrinsics.fx * body.sensor_width_mm / camera.width;
    draw.f_number = log_uniform(rng, body.min_f_number, body.max_f_number);
    // On the nearer part of the hands, as a camera does that looks for the nearest thing.
    draw.focus_m = nearest + rng.uniform(0.1, 0.6) * (farthest - nearest);

    const double allowed = options.max_hand_blur * camera.width;
    const CameraLens open = draw.lens();
    const double widest = std::max(open.circle_px(camera.intrinsics, nearest),
                                   open.circle_px(camera.intrinsics, farthest));
    if (widest > allowed) {
        RIH_REQUIRE(allowed > 0, "lens: max_hand_blur is 0; turn the sensor off for a pinhole");
        draw.f_number *= widest / allowed;
    }

    const bool moves = rng.uniform() < options.motion_probability;
    const double length = options.max_motion * camera.width * rng.uniform(0.25, 1);
    const double direction = rng.uniform(0, 2 * kPi);
    const double shutter = rng.uniform();
    // A picture that stays sharp was taken fast or held well; one that moves was not taken fast.
    draw.shutter_s = moves ? std::pow(4.0, shutter) / 60 : std::pow(8.0, shutter) / 500;
    if (moves) {
        draw.motion = length * Vec2(std::cos(direction), std::sin(direction));
    }
    return draw;
}

} // namespace rih
