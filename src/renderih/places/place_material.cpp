// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/place_material.h"

#include "renderih/places/pattern_maker.h"

namespace rih {

PatternSample sample_pattern(const PlaceMaterial& material, const PatternPoint& at) {
    const PatternMaker point{material, at};
    PatternSample s;
    switch (material.pattern) {
    case Pattern::Plain:
        s = point.plain();
        break;
    case Pattern::Plaster:
        s = point.plaster();
        break;
    case Pattern::Planks:
        s = point.planks();
        break;
    case Pattern::Wood:
        s = point.wood();
        break;
    case Pattern::Tiles:
        s = point.tiles();
        break;
    case Pattern::Brick:
        s = point.brick();
        break;
    case Pattern::Fabric:
        s = point.fabric();
        break;
    case Pattern::Carpet:
        s = point.carpet();
        break;
    case Pattern::Stripes:
        s = point.stripes();
        break;
    case Pattern::Rug:
        s = point.rug();
        break;
    case Pattern::Picture:
        s = point.picture();
        break;
    case Pattern::Concrete:
        s = point.concrete();
        break;
    case Pattern::Asphalt:
        s = point.asphalt();
        break;
    case Pattern::Cobbles:
        s = point.cobbles();
        break;
    case Pattern::Ground:
        s = point.ground();
        break;
    case Pattern::Sand:
        s = point.sand();
        break;
    case Pattern::Snow:
        s = point.snow();
        break;
    case Pattern::Rock:
        s = point.rock();
        break;
    case Pattern::Bark:
        s = point.bark();
        break;
    case Pattern::Leaf:
        s = point.leaf();
        break;
    case Pattern::Windows:
        s = point.windows();
        break;
    case Pattern::RoofTiles:
        s = point.roof_tiles();
        break;
    case Pattern::Water:
        s = point.water();
        break;
    case Pattern::Screen:
        s = point.screen();
        break;
    case Pattern::Metal:
        s = point.metal();
        break;
    }
    for (int c = 0; c < 3; ++c) {
        s.albedo[c] = std::clamp(s.albedo[c], 0.0f, 0.92f);
    }
    s.height *= material.relief;
    return s;
}

} // namespace rih
