// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/predicates.h"

#include <gmpxx.h>

#include <algorithm>
#include <array>
#include <climits>

namespace rih {
namespace {

/// Finite doubles as integers on one common power of two, which leaves every sign as it is.
template <std::size_t N>
std::array<mpz_class, N> as_integers(const std::array<double, N>& values) {
    std::array<int, N> exponent{};
    int lowest = INT_MAX;
    for (std::size_t i = 0; i < N; ++i) {
        if (values[i] != 0) {
            std::frexp(values[i], &exponent[i]);
            lowest = std::min(lowest, exponent[i]);
        }
    }
    std::array<mpz_class, N> integers;
    for (std::size_t i = 0; i < N; ++i) {
        if (values[i] != 0) {
            int e = 0;
            integers[i] = std::ldexp(std::frexp(values[i], &e), 53); // all 53 bits, exactly
            integers[i] <<= static_cast<unsigned long>(e - lowest);
        }
    }
    return integers;
}

} // namespace

int orient2d_exact(const Vec2& a, const Vec2& b, const Vec2& c) {
    const auto z = as_integers<6>({a.x(), a.y(), b.x(), b.y(), c.x(), c.y()});
    const mpz_class det = (z[0] - z[4]) * (z[3] - z[5]) - (z[1] - z[5]) * (z[2] - z[4]);
    return sgn(det);
}

int orient3d_exact(const Vec3& a, const Vec3& b, const Vec3& c, const Vec3& d) {
    const auto z = as_integers<12>(
        {a.x(), a.y(), a.z(), b.x(), b.y(), b.z(), c.x(), c.y(), c.z(), d.x(), d.y(), d.z()});
    std::array<mpz_class, 9> m; // rows b - a, c - a, d - a
    for (std::size_t i = 0; i < 9; ++i) {
        m[i] = z[3 + i] - z[i % 3];
    }
    const mpz_class det = m[6] * (m[1] * m[5] - m[2] * m[4]) + m[7] * (m[2] * m[3] - m[0] * m[5]) +
                          m[8] * (m[0] * m[4] - m[1] * m[3]);
    return sgn(det);
}

} // namespace rih
