// SPDX-License-Identifier: Apache-2.0
// Procedural surfaces: colour, relief and gloss as functions of place, at any scale. What is finer
// than a pixel fades to its mean, so that nothing shimmers far away.
#pragma once

#include "renderih/math/vec.h"

#include <cstdint>

namespace rih {

enum class Pattern {
    Plain,    ///< faint mottling
    Plaster,  ///< painted wall
    Planks,   ///< floor boards along u, `size` wide
    Wood,     ///< furniture, grain along u
    Tiles,    ///< squares of `size`, grout in colour_b
    Brick,    ///< `size` high courses
    Fabric,   ///< weave
    Carpet,   ///< pile
    Stripes,  ///< wall paper
    Rug,      ///< woven ornament with a border
    Picture,  ///< an abstract painting
    Concrete, ///< slabs, stains
    Asphalt,  ///< grit, cracks
    Cobbles,  ///< stones of `size`
    Ground,   ///< natural ground in two colours, and far away forest and meadow
    Sand,     ///< ripples
    Snow,
    Rock,
    Bark,
    Leaf,
    Windows, ///< panes of a facade: reflections before curtains and dark or lit rooms
    RoofTiles,
    Water,
    Screen, ///< a monitor
    Metal,
};

struct PlaceMaterial {
    Pattern pattern = Pattern::Plain;
    Vec3f colour_a{0.5f, 0.5f, 0.5f}, colour_b{0.3f, 0.3f, 0.3f}; ///< albedo, linear Rec.709
    float size = 1;                                               ///< m, of the pattern
    float reflectance = 0;                                        ///< specular at normal incidence
    float polish = 0;  ///< 1 mirrors sharply, 0 not at all
    float relief = 0;  ///< multiplies the pattern's own relief
    float through = 0; ///< share of diffuse light that goes through (leaves, curtains)
    Vec3f emission{};  ///< cd/m2
    std::uint32_t seed = 0;
};

/// The pattern at one point.
struct PatternSample {
    Vec3f albedo;
    float height = 0;      ///< m
    float reflectance = 0; ///< specular at normal incidence
    float polish = 0;
    Vec3f emission;
};

struct PatternPoint {
    Vec2f uv;            ///< m
    Vec3f position;      ///< m, world
    Vec3f normal;        ///< unit
    float footprint = 0; ///< m, width of what one pixel sees
};

PatternSample sample_pattern(const PlaceMaterial& material, const PatternPoint& point);

} // namespace rih
