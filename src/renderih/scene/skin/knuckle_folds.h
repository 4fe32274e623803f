// SPDX-License-Identifier: Apache-2.0
// The spare skin over the backs of finger joints: an oval of wrinkles at the PIP, a few lines
// across at the DIP, a fine net over the MCP. It lies in folds on a straight finger and is drawn
// smooth on a bent one, which is why its relief is a fold (SceneMesh::vertex_fold).
#pragma once

#include "renderih/base/rng.h"
#include "renderih/scene/skin/skin_atlas.h"
#include "renderih/scene/skin/skin_look.h"
#include "renderih/scene/skin/skin_traits.h"

namespace rih {

class KnuckleFolds {
  public:
    KnuckleFolds(const SkinAtlas& atlas, const SkinTraits& traits, Rng rng);

    void add(const SkinPlace& place, SkinLook& look) const;

  private:
    struct Knuckle {
        float centre = 0;                ///< mm along
        float length = 5, width = 6;     ///< mm to 1 / e, along and across
        float spacing = 1.5f, depth = 0; ///< mm
        float roundness = 0.25f;         ///< 0: lines straight across, 1: circles
        float phase = 0;
    };
    std::array<Knuckle, kSkinJoints> knuckles_;
    std::array<float, kSkinJoints> radius_{};
    float melanin_;
    std::uint32_t seed_;
};

} // namespace rih
