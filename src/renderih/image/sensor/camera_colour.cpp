// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/camera_colour.h"

#include "renderih/math/vec.h"

#include <algorithm>
#include <cmath>

namespace rih {

Mat3 CameraColour::camera_from_rec709() const {
    // Of the size of the matrices of measured cameras (Jiang, Liu, Gu and Suesstrunk, "What is the
    // space of spectral sensitivity functions for digital color cameras?", WACV 2013).
    Mat3 common;
    common << 0.70, 0.26, 0.04, //
        0.14, 0.74, 0.12,       //
        0.03, 0.25, 0.72;
    return (1 - overlap) * Mat3::Identity() + overlap * common;
}

Mat3 CameraColour::rec709_from_camera() const {
    Mat3 wrong = Mat3::Identity();
    std::size_t next = 0;
    for (int row = 0; row < 3; ++row) {
        for (int column = 0; column < 3; ++column) {
            if (row != column) {
                wrong(row, column) += error[next];
                wrong(row, row) -= error[next++];
            }
        }
    }
    const Vec3 weights(0.2126, 0.7152, 0.0722);
    const Mat3 grey = Vec3::Ones() * weights.transpose();
    const Mat3 stronger = saturation * Mat3::Identity() + (1 - saturation) * grey;
    return stronger * wrong * camera_from_rec709().inverse();
}

ImageF multiplied(const Mat3& matrix, const ImageF& rgb) {
    ImageF result(rgb.width(), rgb.height(), 3);
    const Eigen::Matrix3f m = matrix.cast<float>();
    for (std::size_t i = 0; i < rgb.values().size(); i += 3) {
        const float r = rgb.values()[i], g = rgb.values()[i + 1], b = rgb.values()[i + 2];
        for (int c = 0; c < 3; ++c) {
            result.values()[i + static_cast<std::size_t>(c)] =
                m(c, 0) * r + m(c, 1) * g + m(c, 2) * b;
        }
    }
    return result;
}

std::array<double, 3> mean_colour(const ImageF& rgb, double bound) {
    std::array<double, 3> sum{};
    for (std::size_t i = 0; i < rgb.values().size(); i += 3) {
        const Vec3f value{rgb.values()[i], rgb.values()[i + 1], rgb.values()[i + 2]};
        const double scale = std::min(1.0, bound / std::max<double>(luminance(value), 1e-6));
        for (int c = 0; c < 3; ++c) {
            sum[static_cast<std::size_t>(c)] += scale * static_cast<double>(value[c]);
        }
    }
    return sum;
}

std::array<double, 3> white_balance(const std::array<double, 3>& cast, double part) {
    std::array<double, 3> gains{};
    for (std::size_t c = 0; c < 3; ++c) {
        const double gain = cast[1] / std::max(cast[c], 1e-9);
        gains[c] = std::pow(std::clamp(gain, 0.5, 2.0), part);
    }
    return gains;
}

} // namespace rih
