// SPDX-License-Identifier: Apache-2.0
// Unpolarised Fresnel reflectance of a smooth boundary between two dielectrics.
#pragma once

#include "renderih/math/vec.h"

#include <cmath>

namespace rih {

/// `cos_i` > 0 on the side of incidence; `eta` = index beyond the boundary / index on the side of
/// incidence. 1 beyond the critical angle.
RIH_HD inline float fresnel_dielectric(float cos_i, float eta) {
    cos_i = min_of(max_of(cos_i, 0.0f), 1.0f);
    const float cos_t_squared = 1.0f - (1.0f - cos_i * cos_i) / (eta * eta);
    if (cos_t_squared <= 0.0f) {
        return 1.0f;
    }
    const float cos_t = std::sqrt(cos_t_squared);
    const float parallel = (eta * cos_i - cos_t) / (eta * cos_i + cos_t);
    const float perpendicular = (cos_i - eta * cos_t) / (cos_i + eta * cos_t);
    return 0.5f * (parallel * parallel + perpendicular * perpendicular);
}

} // namespace rih
