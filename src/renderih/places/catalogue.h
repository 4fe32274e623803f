// SPDX-License-Identifier: Apache-2.0
// The catalogue of generated places: number i is the same place for every data set, a function of
// the program alone.
#pragma once

#include "renderih/image/image.h"

#include <string>

namespace rih {

inline constexpr int kMaxPlaces = 10'000; ///< names have four digits

struct PlaceDescription {
    std::string name; ///< "room-0012", "outdoor-0003"
    std::string kind; ///< "kitchen", "street"
    std::string hour; ///< "day", "night"
    bool indoor = false;
    std::string text() const { return name + ": " + kind + ", " + hour; }
};

/// Even numbers are rooms, odd ones outdoors; kinds and hours take turns, so that any run of
/// numbers has all of them.
PlaceDescription describe_place(int index);

struct PlaceRendering {
    int width = 4096; ///< pixels
    int paths = 32;   ///< of light, a pixel of an eighth of the width
    int threads = 1;  ///< the map is the same on any number
};

/// Radiance as a lat-long map (docs/conventions.md), cd/m2. Throws UserError for an index outside
/// 0 .. kMaxPlaces - 1.
ImageF render_place(int index, const PlaceRendering& rendering = {});

} // namespace rih
