// SPDX-License-Identifier: Apache-2.0
// What stands out under the skin of the back: the veins of the dorsal network, which rise between
// the knuckles, meet in an arch and go up the forearm on both sides (Standring, "Gray's Anatomy",
// the dorsal venous network), and the extensor tendons, straight from the knuckles to the wrist.
// A vein looks bluish because above it more red than blue is missing (Kienle et al., "Why do veins
// appear blue?", Appl. Opt. 35, 1996); melanin above it hides that. Tendons rise when the finger is
// extended: a fold.
#pragma once

#include "renderih/scene/skin/skin_atlas.h"
#include "renderih/scene/skin/skin_look.h"
#include "renderih/scene/skin/skin_traits.h"
#include "renderih/scene/skin/strokes.h"

#include <array>

namespace rih {

class VeinsTendons {
  public:
    /// `light`: 0 dark .. 1 light skin.
    VeinsTendons(const SkinAtlas& atlas, const SkinTraits& traits, float light, Rng rng);

    void add(const SkinPlace& place, SkinLook& look) const;

  private:
    StrokeField veins_;
    std::array<StrokeField, 4> tendons_; ///< apart, to round the valleys where they meet
    float vein_mm_, tendon_mm_, blue_;
};

} // namespace rih
