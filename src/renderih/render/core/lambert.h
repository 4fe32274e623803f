// SPDX-License-Identifier: Apache-2.0
// Ideal diffuse reflection, also how light leaves a subsurface walk. Local frame, z = normal.
#pragma once

#include "renderih/math/sampling.h"

namespace rih {

struct Lambert {
    RIH_HD static float eval(Vec3f wi) { return wi.z > 0.0f ? kInvPiF : 0.0f; }
    RIH_HD static float pdf(Vec3f wi) { return cosine_hemisphere_pdf(wi.z); }
    RIH_HD static Vec3f sample(Vec2f u) { return sample_cosine_hemisphere(u); }
};

} // namespace rih
