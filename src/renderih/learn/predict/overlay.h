// SPDX-License-Identifier: Apache-2.0
// Hands drawn over a picture: shaded surfaces, each pixel the nearest one, half transparent.
#pragma once

#include "renderih/geometry/mesh.h"
#include "renderih/image/image.h"

#include <array>
#include <cstdint>
#include <span>

namespace rih::learn {

struct OverlayHand {
    Points2 vertices_px; ///< [V, 2] continuous pixels of the picture
    Points vertices;     ///< [V, 3] camera axes, one frame for all hands: depth, shading
    const Triangles* faces = nullptr; ///< of the V
    std::array<double, 3> colour{};   ///< 0 .. 1
};

/// Right hands and left hands as pictures of this program show them.
inline constexpr std::array<std::array<double, 3>, 2> kHandColours{
    {{0.98, 0.55, 0.25}, {0.25, 0.6, 0.98}}};

/// `opacity` 0 .. 1. Points outside of the picture are clipped, points that are not finite skipped.
void draw_hands(Image8& picture, std::span<const OverlayHand> hands, double opacity = 0.75);

/// Pictures of equal size side by side, `columns` a row.
Image8 mosaic(std::span<const Image8> pictures, int columns);

} // namespace rih::learn
