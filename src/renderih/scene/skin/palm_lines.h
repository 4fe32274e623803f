// SPDX-License-Identifier: Apache-2.0
// The flexion creases of the palm: thenar, proximal and distal transverse, each placed by the
// joints that it serves (Bugbee and Botte, "Surface anatomy of the hand: the relationships between
// palmar skin creases and osseous anatomy", Clin. Orthop. 1993), creases of the wrist, and minor
// lines, which differ from hand to hand.
#pragma once

#include "renderih/scene/skin/skin_atlas.h"
#include "renderih/scene/skin/skin_look.h"
#include "renderih/scene/skin/skin_traits.h"
#include "renderih/scene/skin/strokes.h"

namespace rih {

class PalmLines {
  public:
    /// `person` draws what both hands share, `side` what differs.
    PalmLines(const SkinAtlas& atlas, const SkinTraits& traits, Rng person, Rng side);

    void add(const SkinPlace& place, SkinLook& look) const;

  private:
    StrokeField major_, valley_, minor_; ///< valley: what a major line lies in
    float depth_mm_;
};

} // namespace rih
