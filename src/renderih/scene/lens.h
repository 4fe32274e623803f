// SPDX-License-Identifier: Apache-2.0
// What stands between scene and sensor: a thin lens, focused somewhere on the hands, and a camera
// that now and then shakes while the shutter is open. Labels stay those of the pinhole at rest in
// the middle of the exposure. docs/camera.md has formulas and sources.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/math/camera.h"

#include <map>
#include <span>
#include <string>

namespace rih {

/// The default is a pinhole at rest.
struct CameraLens {
    double aperture_m = 0;      ///< diameter of the entrance pupil
    double focus_m = 1;         ///< z in the camera of what is sharp
    Vec2 motion = Vec2::Zero(); ///< of the picture over the exposure, px to the right and down

    bool is_pinhole() const { return aperture_m == 0 && motion.isZero(0); }
    /// Diameter, px, of the disc that a point at depth `z` is spread over; z may be infinite.
    double circle_px(const Intrinsics& intrinsics, double z) const;
};

struct LensOptions {
    /// The lens is stopped down until no keypoint is spread wider than this part of the width.
    double max_hand_blur = 0.006;
    double motion_probability = 0.05; ///< of a camera that moves while it exposes
    double max_motion = 0.012;        ///< of the picture, part of the width; drawn from a quarter

    /// Throws UserError that names the field and its range.
    void validate() const;
};

/// One camera's body and lens, drawn for a record.
struct LensDraw {
    double sensor_width_mm = 0; ///< 36 is full frame
    double focal_length_mm = 0; ///< that gives fx on this sensor
    double f_number = 0;        ///< focal_length_mm / f_number is the aperture
    double focus_m = 0;
    double shutter_s = 0; ///< open for; with the motion it says how fast the camera turned
    Vec2 motion = Vec2::Zero();

    CameraLens lens() const;
    /// By the names of the record.
    std::map<std::string, double> numbers() const;
};

/// keypoints_in_cam: [N] m, in front of the camera. A function of its arguments alone.
LensDraw draw_lens(const LensOptions& options,
                   const Camera& camera,
                   std::span<const Vec3> keypoints_in_cam,
                   Rng& rng);

} // namespace rih
