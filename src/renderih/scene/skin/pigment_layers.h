// SPDX-License-Identifier: Apache-2.0
// Where the pigments of skin differ over a hand apart from its lines: the palm's share of melanin,
// red knuckles and fingertips, blotches of blood, freckles, age spots, moles, and where a sleeve
// kept the sun off. Palms have a fifth of the melanocytes of other skin and hardly take up melanin
// (Yamaguchi et al., "Mesenchymal-epithelial interactions in the skin", J. Cell Biol. 165, 2004);
// fingertips, knuckles and palm have the densest vessels (Jimenez et al., "A practical appearance
// model for dynamic facial color", 2010, shows how blood carries expression).
#pragma once

#include "renderih/base/rng.h"
#include "renderih/scene/skin/skin_atlas.h"
#include "renderih/scene/skin/skin_look.h"
#include "renderih/scene/skin/skin_traits.h"

namespace rih {

/// What the person's own draws change in the pigments of a base texture.
struct PigmentOptions {
    float light = 1;    ///< 0 dark .. 1 light skin: freckles and redness show there
    float tan = 0;      ///< share of the melanin that a sleeve's skin lacks
    float tan_edge = 0; ///< mm from the wrist to the fingers, negative on the forearm
};

class PigmentLayers {
  public:
    PigmentLayers(const SkinAtlas& atlas,
                  const SkinTraits& traits,
                  const PigmentOptions& options,
                  Rng rng);

    void add(const SkinPlace& place, SkinLook& look) const;

  private:
    struct Spots {
        float cell_mm, chance, radius_mm, melanin;
        std::uint32_t seed;
    };
    static float spot(const Spots& spots, Vec3f at, float ragged);

    SkinTraits traits_;
    PigmentOptions options_;
    std::array<Vec3f, kSkinFingers> tips_;
    Spots freckles_, age_spots_, moles_;
    std::uint32_t seed_;
};

} // namespace rih
