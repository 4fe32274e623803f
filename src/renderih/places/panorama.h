// SPDX-License-Identifier: Apache-2.0
// A place as its eye sees it all around. Two passes: light on surfaces at an eighth of the size,
// path traced and smoothed along surfaces; then every pixel's own surface, relief, sunlight with
// its shadows, and mirror images, lit by the first. So texture and edges are sharp and noise is
// not.
#pragma once

#include "renderih/places/place_tracer.h"

namespace rih {

struct PanoramaOptions {
    int width = 4096;       ///< pixels; the height is half of it
    int paths = 32;         ///< a pixel of the first pass
    std::uint64_t seed = 0; ///< of the paths
    int threads = 1;        ///< the picture is the same on any number
};

/// Radiance, cd/m2, as a lat-long map (docs/conventions.md). Throws UserError for a width that is
/// no multiple of 8 or outside 64 .. 8192, or for paths outside 1 .. 4096.
ImageF render_panorama(const PlaceTracer& tracer, const PanoramaOptions& options);

} // namespace rih
