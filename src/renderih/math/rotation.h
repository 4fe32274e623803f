// SPDX-License-Identifier: Apache-2.0
// Rotations as axis-angle (radians) and as matrices, with the derivative of one by the other.
#pragma once

#include "renderih/math/types.h"

#include <array>

namespace rih {

/// The matrix [v]x with [v]x w = v cross w.
Mat3 cross_matrix(const Vec3& v);

/// Rodrigues' formula; exact limits at zero.
Mat3 rotation_from_axis_angle(const Vec3& axis_angle);

/// The inverse, with an angle in [0, pi].
Vec3 axis_angle_from_rotation(const Mat3& rotation);

/// dR / d axis_angle[k] for k = 0, 1, 2 (Gallego and Yezzi 2015, eq. 9).
std::array<Mat3, 3> rotation_derivatives(const Vec3& axis_angle);

/// The rotation about one coordinate axis (0 x, 1 y, 2 z) by `angle` radians.
Mat3 rotation_about(int axis, double angle);

/// The rotation nearest to `m` in the Frobenius norm; determinant +1.
Mat3 nearest_rotation(const Mat3& m);

} // namespace rih
