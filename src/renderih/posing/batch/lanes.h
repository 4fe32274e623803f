// SPDX-License-Identifier: Apache-2.0
// Eight floats that are worked on together (AVX2 and FMA, the baseline of every build). A lane's
// result never depends on the other lanes: what is computed for one hand is the same whichever
// hands share its batch.
#pragma once

#include <immintrin.h>

#include <array>
#include <cstdint>

namespace rih {

inline constexpr int kLaneCount = 8;

struct alignas(32) Lanes {
    __m256 v;

    Lanes() = default;
    Lanes(float x) : v(_mm256_set1_ps(x)) {}
    Lanes(__m256 x) : v(x) {}

    static Lanes load(const float* p) { return _mm256_loadu_ps(p); }
    void store(float* p) const { _mm256_storeu_ps(p, v); }

    Lanes& operator+=(Lanes o) { return *this = _mm256_add_ps(v, o.v); }
    Lanes& operator-=(Lanes o) { return *this = _mm256_sub_ps(v, o.v); }
    friend Lanes operator+(Lanes a, Lanes b) { return _mm256_add_ps(a.v, b.v); }
    friend Lanes operator-(Lanes a, Lanes b) { return _mm256_sub_ps(a.v, b.v); }
    friend Lanes operator*(Lanes a, Lanes b) { return _mm256_mul_ps(a.v, b.v); }
    friend Lanes operator/(Lanes a, Lanes b) { return _mm256_div_ps(a.v, b.v); }
    friend Lanes operator-(Lanes a) { return _mm256_xor_ps(a.v, _mm256_set1_ps(-0.0f)); }
};

/// a b + c, rounded once.
inline Lanes fma(Lanes a, Lanes b, Lanes c) {
    return _mm256_fmadd_ps(a.v, b.v, c.v);
}
/// c - a b, rounded once.
inline Lanes fnma(Lanes a, Lanes b, Lanes c) {
    return _mm256_fnmadd_ps(a.v, b.v, c.v);
}
inline Lanes min(Lanes a, Lanes b) {
    return _mm256_min_ps(a.v, b.v);
}
inline Lanes max(Lanes a, Lanes b) {
    return _mm256_max_ps(a.v, b.v);
}
inline Lanes abs(Lanes a) {
    return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a.v);
}
inline Lanes sqrt(Lanes a) {
    return _mm256_sqrt_ps(a.v);
}

/// All bits of a lane set or none.
struct LaneMask {
    __m256 v;
    friend LaneMask operator&(LaneMask a, LaneMask b) { return {_mm256_and_ps(a.v, b.v)}; }
};
inline LaneMask less(Lanes a, Lanes b) {
    return {_mm256_cmp_ps(a.v, b.v, _CMP_LT_OQ)};
}
inline LaneMask not_less(Lanes a, Lanes b) {
    return {_mm256_cmp_ps(a.v, b.v, _CMP_GE_OQ)};
}
inline bool any(LaneMask m) {
    return _mm256_movemask_ps(m.v) != 0;
}
/// a where the mask is set, 0 elsewhere.
inline Lanes where(LaneMask m, Lanes a) {
    return _mm256_and_ps(m.v, a.v);
}
/// a where the mask is set, b elsewhere.
inline Lanes select(LaneMask m, Lanes a, Lanes b) {
    return _mm256_blendv_ps(b.v, a.v, m.v);
}

/// Always added in the same order.
inline float sum(Lanes a) {
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(a.v), _mm256_extractf128_ps(a.v, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

struct SinCos {
    Lanes sin, cos;
};
/// |x| < 1000; absolute error below 2e-7 for |x| < 10. Polynomials of degree 7 and 8 over a quarter
/// turn, the rest by symmetry.
SinCos sin_cos(Lanes x);

/// Relative error below 2e-7; 0 below x = -87, limited above x = 88.
Lanes exp(Lanes x);

/// ln(1 + x) for 0 <= x <= 1; absolute error below 2e-7.
Lanes log1p_unit(Lanes x);

struct Vec3Lanes {
    Lanes x, y, z;
    friend Vec3Lanes operator+(const Vec3Lanes& a, const Vec3Lanes& b) {
        return {a.x + b.x, a.y + b.y, a.z + b.z};
    }
    friend Vec3Lanes operator-(const Vec3Lanes& a, const Vec3Lanes& b) {
        return {a.x - b.x, a.y - b.y, a.z - b.z};
    }
};

/// Row by row.
struct Mat3Lanes {
    std::array<Lanes, 9> m;

    friend Mat3Lanes operator*(const Mat3Lanes& a, const Mat3Lanes& b) {
        Mat3Lanes c;
        for (int i = 0; i < 3; ++i) {
            for (int j = 0; j < 3; ++j) {
                c.m[3 * i + j] = fma(a.m[3 * i],
                                     b.m[j],
                                     fma(a.m[3 * i + 1], b.m[3 + j], a.m[3 * i + 2] * b.m[6 + j]));
            }
        }
        return c;
    }
    friend Vec3Lanes operator*(const Mat3Lanes& a, const Vec3Lanes& b) {
        const auto row = [&](int i) {
            return fma(a.m[3 * i], b.x, fma(a.m[3 * i + 1], b.y, a.m[3 * i + 2] * b.z));
        };
        return {row(0), row(1), row(2)};
    }
    Mat3Lanes transposed() const {
        return {{m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]}};
    }
};

} // namespace rih
