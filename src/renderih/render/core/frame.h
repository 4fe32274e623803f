// SPDX-License-Identifier: Apache-2.0
// Local frames, z = normal.
#pragma once

#include "renderih/base/hd.h"
#include "renderih/math/vec.h"

#include <cmath>

namespace rih {

/// Orthonormal x, y, z; branch-free construction of Duff et al., "Building an orthonormal basis,
/// revisited", JCGT 2017.
struct Frame {
    Vec3f x, y, z;

    RIH_HD static Frame from_z(Vec3f z) {
        const float sign = std::copysign(1.0f, z.z);
        const float a = -1.0f / (sign + z.z);
        const float b = z.x * z.y * a;
        return {{1.0f + sign * z.x * z.x * a, sign * b, -sign * z.x},
                {b, sign + z.y * z.y * a, -z.y},
                z};
    }
    RIH_HD Vec3f local_from_world(Vec3f v) const { return {dot(v, x), dot(v, y), dot(v, z)}; }
    RIH_HD Vec3f world_from_local(Vec3f v) const { return v.x * x + v.y * y + v.z * z; }
};

RIH_HD inline Vec3f reflect(Vec3f direction, Vec3f normal) {
    return direction - 2.0f * dot(direction, normal) * normal;
}

} // namespace rih
