// SPDX-License-Identifier: Apache-2.0
// The ridges of fingertips, fingers and palm: a wave of about half a millimetre (0.48 mm in men and
// 0.43 in women: Moore, "Analysis of ridge-to-ridge distance on fingerprints", J. Forensic Ident.
// 1989; Cummins and Midlo 1943), around a core on the fingertips, across the fingers, and in slow
// bends over the palm.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/scene/skin/skin_atlas.h"
#include "renderih/scene/skin/skin_look.h"
#include "renderih/scene/skin/skin_traits.h"

namespace rih {

class FrictionRidges {
  public:
    FrictionRidges(const SkinAtlas& atlas, const SkinTraits& traits, Rng rng);

    void add(const SkinPlace& place, SkinLook& look) const;

  private:
    struct Core {
        float along = 0, across = 0; ///< mm from the last joint
        float roundness = 1;         ///< of a whorl; small: a loop
    };
    std::array<Core, kSkinFingers> cores_;
    std::array<float, kSkinJoints> radius_{};
    float period_mm_, height_mm_;
    std::uint32_t seed_;
};

} // namespace rih
