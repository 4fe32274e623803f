// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/colour.h"

#include "renderih/math/types.h"

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

// Rec.709 primaries with white D65 (x 0.3127, y 0.3290), ITU-R BT.709 item 1.3, in the digits of
// IEC 61966-2-1's derivation carried to double precision.
const Mat3& xyz_from_rec709_matrix() {
    static const Mat3 matrix = [] {
        const auto xyz_of_xy = [](double x, double y) {
            return Vec3{x / y, 1.0, (1.0 - x - y) / y};
        };
        Mat3 primaries;
        primaries << xyz_of_xy(0.64, 0.33), xyz_of_xy(0.30, 0.60), xyz_of_xy(0.15, 0.06);
        const Vec3 scale = primaries.inverse() * xyz_of_xy(0.3127, 0.3290);
        return Mat3(primaries * scale.asDiagonal());
    }();
    return matrix;
}

std::array<double, 3> product(const Mat3& matrix, const std::array<double, 3>& value) {
    const Vec3 result = matrix * Vec3(value[0], value[1], value[2]);
    return {result.x(), result.y(), result.z()};
}

} // namespace

double srgb_from_linear(double linear) {
    return linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1.0 / 2.4) - 0.055;
}

double linear_from_srgb(double srgb) {
    return srgb <= 0.04045 ? srgb / 12.92 : std::pow((srgb + 0.055) / 1.055, 2.4);
}

std::array<double, 3> xyz_from_rec709(const std::array<double, 3>& rgb) {
    return product(xyz_from_rec709_matrix(), rgb);
}

std::array<double, 3> rec709_from_xyz(const std::array<double, 3>& xyz) {
    static const Mat3 inverse = xyz_from_rec709_matrix().inverse();
    return product(inverse, xyz);
}

std::array<double, 3> lab_from_xyz(const std::array<double, 3>& xyz) {
    const std::array<double, 3> white = xyz_from_rec709({1.0, 1.0, 1.0});
    constexpr double kDelta = 6.0 / 29.0;
    std::array<double, 3> f{};
    for (std::size_t i = 0; i < 3; ++i) {
        const double t = xyz[i] / white[i];
        f[i] =
            t > kDelta * kDelta * kDelta ? std::cbrt(t) : t / (3.0 * kDelta * kDelta) + 4.0 / 29.0;
    }
    return {116.0 * f[1] - 16.0, 500.0 * (f[0] - f[1]), 200.0 * (f[1] - f[2])};
}

std::array<double, 3> lab_from_rec709(const std::array<double, 3>& rgb) {
    return lab_from_xyz(xyz_from_rec709(rgb));
}

double ita_deg(const std::array<double, 3>& lab) {
    return std::atan2(lab[0] - 50.0, lab[2]) / kDegree;
}

Image8 srgb8_from_linear(const ImageF& linear) {
    Image8 result(linear.width(), linear.height(), linear.channels());
    std::transform(
        linear.values().begin(), linear.values().end(), result.values().begin(), [](float value) {
            const double clamped = std::clamp(static_cast<double>(value), 0.0, 1.0);
            return static_cast<std::uint8_t>(srgb_from_linear(clamped) * 255.0 + 0.5);
        });
    return result;
}

ImageF linear_from_srgb8(const Image8& srgb) {
    std::array<float, 256> linear{};
    for (std::size_t i = 0; i < linear.size(); ++i) {
        linear[i] = static_cast<float>(linear_from_srgb(static_cast<double>(i) / 255));
    }
    ImageF result(srgb.width(), srgb.height(), srgb.channels());
    std::transform(srgb.values().begin(),
                   srgb.values().end(),
                   result.values().begin(),
                   [&](std::uint8_t value) { return linear[value]; });
    return result;
}

} // namespace rih
