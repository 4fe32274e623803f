// SPDX-License-Identifier: Apache-2.0
// The fine furrows that divide the skin of back, fingers and forearm into polygons. Primary furrows
// are 70 to 200 micrometres deep and a fraction of a millimetre to a millimetre apart (Hashimoto,
// "New methods for surface ultrastructure", Int. J. Dermatol. 1974; Piérard et al., "The skin
// landscape", 1998); in old skin they are longer, deeper and lie in the direction of tension.
#pragma once

#include "renderih/math/vec.h"
#include "renderih/scene/skin/skin_look.h"
#include "renderih/scene/skin/skin_traits.h"

namespace rih {

class MicroRelief {
  public:
    explicit MicroRelief(const SkinTraits& traits, std::uint32_t seed);

    /// `map_mm`: the place on the map, mm; the pattern lies in it, since islands are hardly
    /// distorted and a seam is not seen in so fine a pattern. `share` 0 .. 1 of the full strength.
    void add(Vec2f map_mm, float share, SkinLook& look) const;

  private:
    float depth_mm_, cell_mm_, crepe_mm_;
    Vec2f shift_;
};

} // namespace rih
