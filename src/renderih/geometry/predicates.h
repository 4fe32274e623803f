// SPDX-License-Identifier: Apache-2.0
// Exact signs of the determinants that decide on which side a point lies. A floating-point filter
// with a static error bound answers almost always; what it cannot certify goes to integers of any
// length, so the answer is right for every finite input. The input must be finite.
#pragma once

#include "renderih/math/types.h"

#include <cmath>

namespace rih {

/// 2^-53, half the distance from 1 to the next double.
inline constexpr double kHalfUlp = 0x1p-53;
/// Covers what underflow can lose, as long as coordinates stay below 1e20.
inline constexpr double kUnderflowSlack = 1e-280;
inline constexpr double kFilterRange = 1e20;

int orient2d_exact(const Vec2& a, const Vec2& b, const Vec2& c);
int orient3d_exact(const Vec3& a, const Vec3& b, const Vec3& c, const Vec3& d);

/// +1 when a, b, c turn counter-clockwise, -1 clockwise, 0 when they lie on one line.
inline int orient2d(const Vec2& a, const Vec2& b, const Vec2& c) {
    const double left = (a.x() - c.x()) * (b.y() - c.y());
    const double right = (a.y() - c.y()) * (b.x() - c.x());
    const double det = left - right;
    // Shewchuk 1997, Section 4.3: (3 + 16 eps) eps (|left| + |right|) bounds the error.
    const double bound = 4 * kHalfUlp * (std::abs(left) + std::abs(right)) + kUnderflowSlack;
    if (std::abs(det) > bound) { // false for NaN and for an infinite bound
        return det > 0 ? 1 : -1;
    }
    return orient2d_exact(a, b, c);
}

/// The sign of (b - a) x (c - a) . (d - a): +1 when d lies on the side from which a, b, c turn
/// counter-clockwise, 0 when the four lie in one plane.
inline int orient3d(const Vec3& a, const Vec3& b, const Vec3& c, const Vec3& d) {
    const Vec3 u = b - a, v = c - a, w = d - a;
    const double p0 = u.x() * v.y(), m0 = u.y() * v.x();
    const double p1 = u.y() * v.z(), m1 = u.z() * v.y();
    const double p2 = u.z() * v.x(), m2 = u.x() * v.z();
    const double det = w.z() * (p0 - m0) + w.x() * (p1 - m1) + w.y() * (p2 - m2);
    const double permanent = std::abs(w.z()) * (std::abs(p0) + std::abs(m0)) +
                             std::abs(w.x()) * (std::abs(p1) + std::abs(m1)) +
                             std::abs(w.y()) * (std::abs(p2) + std::abs(m2));
    // Shewchuk 1997, Section 4.3: (7 + 56 eps) eps permanent bounds the error.
    const double bound = 8 * kHalfUlp * permanent + kUnderflowSlack;
    const double reach = std::abs(w.x()) + std::abs(w.y()) + std::abs(w.z());
    if (std::abs(det) > bound && reach < kFilterRange) {
        return det > 0 ? 1 : -1;
    }
    return orient3d_exact(a, b, c, d);
}

} // namespace rih
