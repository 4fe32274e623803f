// SPDX-License-Identifier: Apache-2.0
#include "renderih/math/rotation.h"

#include <Eigen/Geometry>
#include <Eigen/SVD>

#include <cmath>

namespace rih {

Mat3 cross_matrix(const Vec3& v) {
    Mat3 m;
    m << 0, -v.z(), v.y(), v.z(), 0, -v.x(), -v.y(), v.x(), 0;
    return m;
}

Mat3 rotation_from_axis_angle(const Vec3& axis_angle) {
    const double angle2 = axis_angle.squaredNorm();
    const Mat3 k = cross_matrix(axis_angle);
    if (angle2 < 1e-16) { // sin(a)/a and (1 - cos a)/a^2 by their series
        return Mat3::Identity() + k + 0.5 * k * k;
    }
    const double angle = std::sqrt(angle2);
    const double half_sin = std::sin(0.5 * angle) / angle; // no cancellation in 1 - cos
    return Mat3::Identity() + (std::sin(angle) / angle) * k + (2 * half_sin * half_sin) * k * k;
}

Vec3 axis_angle_from_rotation(const Mat3& rotation) {
    Eigen::Quaterniond q(rotation);
    if (q.w() < 0) {
        q.coeffs() = -q.coeffs();
    }
    const double sin_half = q.vec().norm();
    if (sin_half < 1e-12) {
        return 2.0 * q.vec();
    }
    return (2.0 * std::atan2(sin_half, q.w()) / sin_half) * q.vec();
}

Mat3 rotation_about(int axis, double angle) {
    return Eigen::AngleAxisd(angle, Vec3::Unit(axis)).toRotationMatrix();
}

} // namespace rih
