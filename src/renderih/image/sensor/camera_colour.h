// SPDX-License-Identifier: Apache-2.0
// Colours as a camera sees them and what it makes of them: filters that overlap, white balance, and
// a matrix back to Rec.709 that never quite fits.
#pragma once

#include "renderih/image/image.h"
#include "renderih/math/types.h"

#include <array>

namespace rih {

struct CameraColour {
    double overlap = 1; ///< of the filters: 0 none, 1 that of a common camera
    /// What is wrong with the camera's matrix, off its diagonal: red from green, red from blue,
    /// green from red, green from blue, blue from red, blue from green. Greys stay.
    std::array<double, 6> error{};
    double saturation = 1; ///< distance from grey over the scene's

    /// Rows sum to 1.
    Mat3 camera_from_rec709() const;
    Mat3 rec709_from_camera() const;
};

ImageF multiplied(const Mat3& matrix, const ImageF& rgb);

/// The colour cast of the light: mean of the picture, each pixel bounded so that no lamp rules it.
std::array<double, 3> mean_colour(const ImageF& rgb, double bound);

/// Factors on R, G and B that take away `part` of the cast and keep green.
std::array<double, 3> white_balance(const std::array<double, 3>& cast, double part);

} // namespace rih
