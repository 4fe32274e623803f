// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/batch/lanes.h"

namespace rih {

SinCos sin_cos(Lanes x) {
    // x = quarter pi/2 + r with |r| <= pi/4; pi/2 in three pieces so that r keeps its digits.
    const __m256 quarter =
        _mm256_round_ps((x * Lanes(0.636619772f)).v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    Lanes r = fnma(quarter, 1.5703125f, x);
    r = fnma(quarter, 4.837512969970703125e-4f, r);
    r = fnma(quarter, 7.549789948768648e-8f, r);
    const Lanes square = r * r;
    // Least-squares fits of the Taylor series' tails on [-pi/4, pi/4].
    Lanes s = fma(square, -1.9515295891e-4f, 8.3321608736e-3f);
    s = fma(square, s, -1.6666654611e-1f);
    s = fma(square * r, s, r);
    Lanes c = fma(square, 2.443315711809948e-5f, -1.388731625493765e-3f);
    c = fma(square, c, 4.166664568298827e-2f);
    c = fma(square * square, c, fnma(square, 0.5f, 1.0f));
    const __m256i n = _mm256_cvtps_epi32(quarter);
    const __m256i one = _mm256_set1_epi32(1);
    const __m256 odd = _mm256_castsi256_ps(_mm256_cmpeq_epi32(_mm256_and_si256(n, one), one));
    // The sign bits: sine changes in quarters 2 and 3, cosine in 1 and 2.
    const __m256 sin_sign = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_srli_epi32(n, 1), 31));
    const __m256 cos_sign =
        _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_srli_epi32(_mm256_add_epi32(n, one), 1), 31));
    return {_mm256_xor_ps(_mm256_blendv_ps(s.v, c.v, odd), sin_sign),
            _mm256_xor_ps(_mm256_blendv_ps(c.v, s.v, odd), cos_sign)};
}

Lanes exp(Lanes x) {
    const Lanes limited = min(max(x, -87.3f), 88.0f);
    const __m256 power = _mm256_round_ps((limited * Lanes(1.44269504f)).v,
                                         _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    Lanes r = fnma(power, 0.693359375f, limited);
    r = fnma(power, -2.12194440e-4f, r);
    Lanes p = 1.9875691500e-4f;
    for (const float coefficient : {1.3981999507e-3f,
                                    8.3334519073e-3f,
                                    4.1665795894e-2f,
                                    1.6666665459e-1f,
                                    5.0000001201e-1f}) {
        p = fma(p, r, coefficient);
    }
    p = fma(p, r * r, r + Lanes(1.0f));
    const __m256i scale =
        _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(power), _mm256_set1_epi32(127)), 23);
    return where(not_less(x, -87.3f), p * Lanes(_mm256_castsi256_ps(scale)));
}

Lanes log1p_unit(Lanes x) {
    // 2 artanh(t) with t = x / (2 + x) <= 1/3: the odd series, nine terms.
    const Lanes t = x / (x + Lanes(2.0f));
    const Lanes square = t * t;
    Lanes p = 2.0f / 17;
    for (int n = 15; n >= 1; n -= 2) {
        p = fma(p, square, 2.0f / static_cast<float>(n));
    }
    return p * t;
}

} // namespace rih
