// SPDX-License-Identifier: Apache-2.0
// Hair on the backs of the proximal phalanges, of the hand and of the forearm, as strokes on the
// map: each lies along the arm towards the fingers and the little finger's side, as it does on
// people, so thin that it covers a part of its texels.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/scene/skin/skin_atlas.h"
#include "renderih/scene/skin/skin_traits.h"

#include <span>

namespace rih {

struct HairOptions {
    float amount = 0; ///< 0 .. 1
    Vec3f colour;     ///< linear Rec.709
    float grey = 0;   ///< share of white hairs
};

/// Draws over `albedo`, one a place. Also raises `height` (mm) a little under each.
void draw_hair(const SkinAtlas& atlas,
               const HairOptions& options,
               Rng rng,
               std::span<Vec3f> albedo,
               std::span<float> height);

} // namespace rih
