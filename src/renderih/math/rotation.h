// SPDX-License-Identifier: Apache-2.0
// Rotations as axis-angle (radians) and as matrices.
#pragma once

#include "renderih/math/types.h"

namespace rih {

/// The matrix [v]x with [v]x w = v cross w.
Mat3 cross_matrix(const Vec3& v);

/// Rodrigues' formula; exact limits at zero.
Mat3 rotation_from_axis_angle(const Vec3& axis_angle);

/// The inverse, with an angle in [0, pi].
Vec3 axis_angle_from_rotation(const Mat3& rotation);

/// The rotation about one coordinate axis (0 x, 1 y, 2 z) by `angle` radians.
Mat3 rotation_about(int axis, double angle);

} // namespace rih
