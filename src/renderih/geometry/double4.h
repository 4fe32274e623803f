// SPDX-License-Identifier: Apache-2.0
// Four doubles at once, by the vector types that g++ and clang share: the same operations in the
// same order as on single numbers, so what is certain for one is certain for four.
#pragma once

#include "renderih/math/types.h"

#include <bit>
#include <cstdint>

#ifdef __AVX__
#include <immintrin.h>
#endif

namespace rih {

using Double4 = double __attribute__((vector_size(32)));
using Mask4 = std::int64_t __attribute__((vector_size(32)));

inline Double4 splat(double x) {
    return Double4{x, x, x, x};
}
inline Double4 min4(Double4 a, Double4 b) {
    return a < b ? a : b;
}
inline Double4 max4(Double4 a, Double4 b) {
    return a > b ? a : b;
}
inline Double4 abs4(Double4 a) {
    constexpr std::int64_t kAllButSign = INT64_MAX;
    return std::bit_cast<Double4>(std::bit_cast<Mask4>(a) &
                                  Mask4{kAllButSign, kAllButSign, kAllButSign, kAllButSign});
}

/// Bit k is set where lane k of the comparison holds.
inline int bits_of(Mask4 mask) {
#ifdef __AVX__
    return _mm256_movemask_pd(std::bit_cast<__m256d>(mask));
#else
    return (mask[0] != 0) | (mask[1] != 0) << 1 | (mask[2] != 0) << 2 | (mask[3] != 0) << 3;
#endif
}

inline double least_of(Double4 a) {
    const double x = a[0] < a[1] ? a[0] : a[1], y = a[2] < a[3] ? a[2] : a[3];
    return x < y ? x : y;
}
inline double most_of(Double4 a) {
    return -least_of(-a);
}

/// Four points or directions.
struct Vec3x4 {
    Double4 x, y, z;
};
inline Vec3x4 splat(const Vec3& v) {
    return {splat(v.x()), splat(v.y()), splat(v.z())};
}
inline Vec3x4 operator+(const Vec3x4& a, const Vec3x4& b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}
inline Vec3x4 operator-(const Vec3x4& a, const Vec3x4& b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}
inline Vec3x4 operator*(Double4 s, const Vec3x4& a) {
    return {s * a.x, s * a.y, s * a.z};
}
inline Double4 dot(const Vec3x4& a, const Vec3x4& b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline Vec3x4 cross(const Vec3x4& a, const Vec3x4& b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline Vec3x4 min4(const Vec3x4& a, const Vec3x4& b) {
    return {min4(a.x, b.x), min4(a.y, b.y), min4(a.z, b.z)};
}
inline Vec3x4 max4(const Vec3x4& a, const Vec3x4& b) {
    return {max4(a.x, b.x), max4(a.y, b.y), max4(a.z, b.z)};
}
inline Vec3 lane_of(const Vec3x4& a, int lane) {
    return {a.x[lane], a.y[lane], a.z[lane]};
}
inline void set_lane(Vec3x4& a, int lane, const Vec3& x) {
    a.x[lane] = x.x();
    a.y[lane] = x.y();
    a.z[lane] = x.z();
}

} // namespace rih
