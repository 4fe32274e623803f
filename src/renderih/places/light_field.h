// SPDX-License-Identifier: Apache-2.0
// Light on all surfaces that the eye sees, at some pixels a degree, smoothed along surfaces, to be
// asked for at any point between.
#pragma once

#include "renderih/places/place_tracer.h"

#include <vector>

namespace rih {

class LightField {
  public:
    LightField(const PlaceTracer& tracer, int width, int paths, std::uint64_t seed, int threads);

    /// Light at a point that the eye sees in `direction`, from nodes on the same surface.
    Gathered at(Vec3f direction, const PlacePoint& point) const;
    /// Likewise at a point that the eye may not see (it is then asked for the mean).
    Gathered near(const PlacePoint& point) const;

  private:
    struct Node {
        Vec3f position, normal;
        float distance = 0; ///< 0: sky
        Gathered light;
        float variance = 0; ///< of the luminance
    };
    const Node& node(int x, int y) const;
    float likeness(const Node& node, const PlacePoint& point) const;
    /// One pass over nodes `step` apart; along rows alone where `rows_only`, and there only near
    /// the poles, where neighbours along a row are closer together than neighbours across.
    void smooth(int step, bool rows_only, int threads);

    int width_, height_;
    Vec3f eye_;
    std::vector<Node> nodes_; // [height, width]
    Gathered mean_;
};

/// The direction of a lat-long map's place; x, y in 0 .. 1.
Vec3f panorama_direction(float u, float v);
/// Its inverse.
Vec2f panorama_uv(Vec3f direction);

} // namespace rih
