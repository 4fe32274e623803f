// SPDX-License-Identifier: Apache-2.0
// A rigid motion target_from_source: x_in_target = rotation * x_in_source + translation. Inner
// frames cancel by eye: c_from_a = c_from_b * b_from_a.
#pragma once

#include "renderih/math/types.h"

namespace rih {

struct Rigid3 {
    Mat3 rotation = Mat3::Identity();
    Vec3 translation = Vec3::Zero();

    Vec3 operator*(const Vec3& x_in_source) const { return rotation * x_in_source + translation; }

    Rigid3 operator*(const Rigid3& source_from_inner) const {
        return {rotation * source_from_inner.rotation,
                rotation * source_from_inner.translation + translation};
    }

    /// source_from_target
    Rigid3 inverse() const { return {rotation.transpose(), -(rotation.transpose() * translation)}; }

    /// Maps every row of `points_in_source`.
    Points apply(const Points& points_in_source) const {
        return (points_in_source * rotation.transpose()).rowwise() + translation.transpose();
    }
};

} // namespace rih
