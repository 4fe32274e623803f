// SPDX-License-Identifier: Apache-2.0
// Colour: linear Rec.709 to sRGB, CIE XYZ and Lab (white D65), and the skin-tone angle ITA.
#pragma once

#include "renderih/image/image.h"
#include "renderih/math/vec.h"

#include <array>

namespace rih {

/// The sRGB transfer curve (IEC 61966-2-1) of one channel; 0..1 both ways, not clamped above.
double srgb_from_linear(double linear);
double linear_from_srgb(double srgb);

/// CIE 1931 XYZ, white D65 at Y = 1, of linear Rec.709 and back.
std::array<double, 3> xyz_from_rec709(const std::array<double, 3>& rgb);
std::array<double, 3> rec709_from_xyz(const std::array<double, 3>& xyz);

/// CIE 1976 L*, a*, b* against white D65.
std::array<double, 3> lab_from_xyz(const std::array<double, 3>& xyz);
std::array<double, 3> lab_from_rec709(const std::array<double, 3>& rgb);

/// Individual typology angle, degrees: atan2(L* - 50, b*) (Chardon et al. 1991). Very light skin is
/// above 55, light 41-55, intermediate 28-41, tan 10-28, brown -30-10, dark below.
double ita_deg(const std::array<double, 3>& lab);

/// Clamped, sRGB-encoded, rounded to the nearest of 256 levels: [H, W, C] -> [H, W, C].
Image8 srgb8_from_linear(const ImageF& linear);
/// The inverse on the 256 levels.
ImageF linear_from_srgb8(const Image8& srgb);

} // namespace rih
