// SPDX-License-Identifier: Apache-2.0
// Two rough reflections of one boundary, mixed by area: part of the skin is smoothed by oil, part
// is not, and one lobe has either a highlight too broad or none of its width. A mean of reciprocal
// lobes, so reciprocal, and no brighter than the brighter one.
#pragma once

#include "renderih/render/core/compensated_ggx.h"

namespace rih {

struct TwoLobeGgx {
    CompensatedGgx first, second;
    float share = 0; ///< of the second; 0: the first alone

    RIH_HD float eval(Vec3f wo, Vec3f wi) const {
        const float value = first.eval(wo, wi);
        return share > 0.0f ? mix(value, second.eval(wo, wi)) : value;
    }
    /// Of sample(): the mixture.
    RIH_HD float pdf(Vec3f wo, Vec3f wi) const {
        const float value = first.pdf(wo, wi);
        return share > 0.0f ? mix(value, second.pdf(wo, wi)) : value;
    }
    /// `pick` in [0, 1) decides the lobe.
    RIH_HD Vec3f sample(Vec3f wo, Vec2f u, float pick) const {
        return pick < share ? second.sample(wo, u) : first.sample(wo, u);
    }
    RIH_HD float albedo(float cos_o) const {
        const float value = first.albedo(cos_o);
        return share > 0.0f ? mix(value, second.albedo(cos_o)) : value;
    }

    RIH_HD float mix(float of_first, float of_second) const {
        return of_first + share * (of_second - of_first);
    }
};

} // namespace rih
