// SPDX-License-Identifier: Apache-2.0
// The atlas of a hand's skin (scene/skin/skin_atlas.h) from its mesh: each texel's place on the
// mean shape, found by drawing the faces over the map.
#pragma once

#include "renderih/hand/hand_model.h"
#include "renderih/scene/skin/skin_atlas.h"
#include "renderih/scene/subdivide.h"

namespace rih {

/// A refined hand of the mean shape; R vertices, F triangles.
struct RefinedHand {
    const HandModel* model = nullptr;
    LimitSurface surface;                            // [R, 3]
    const Triangles* triangles = nullptr;            // [F] over the R vertices
    const Triangles* uv_triangles = nullptr;         // [F] over the rows of `uv`
    Points2 uv;                                      // [T, 2]
    const std::vector<std::uint8_t>* part = nullptr; // [F]
    VecX palm;                                       // [R] 0 back .. 1 palm
    VecX nail;                                       // [R] 0 .. 1
};

/// `height` texels to v = 0 .. 1, a multiple of kMapSideStep; the width follows the uv of the hand,
/// the forearm's cap left out.
SkinAtlas make_skin_atlas(const RefinedHand& hand, int height);

} // namespace rih
