// SPDX-License-Identifier: Apache-2.0
// Cloth as maps: its colour with the pattern, its weave or stitches as relief.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/things/thing.h"

namespace rih {

enum class Cloth { Knit, Shirt, Fleece, Jacket };
inline constexpr int kClothCount = 4;
enum class ClothPattern { Plain, StripesAround, StripesAlong, Checks, Heather };

/// Draws cloth (of Cloth), pattern (of ClothPattern), period_mm, red, green, blue and second_red,
/// _green, _blue (linear albedo), cloth_seed.
void draw_cloth(Rng& rng, std::map<std::string, double>& numbers);

/// What the maps show, in metres over the sleeve laid flat.
struct ClothLayout {
    double around = 0.26; ///< u = 0 .. width / height
    double inside = 0.03; ///< along from v = 0 to the edge of the cuff, the turned-in side
    double along = 0.33;  ///< v = 0 .. 1
    double cuff = 0;      ///< how far from its edge a band of its own reaches
};

std::shared_ptr<const SurfaceMaps> cloth_maps(const Thing& thing, const ClothLayout& layout);

} // namespace rih
