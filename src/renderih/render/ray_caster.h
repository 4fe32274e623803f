// SPDX-License-Identifier: Apache-2.0
// Nearest hits on one plain triangle mesh, for code that shades on its own terms (places/). Embree
// stays behind it.
#pragma once

#include "renderih/math/vec.h"

#include <array>
#include <memory>
#include <span>

namespace rih {

struct TriangleHit {
    float t = 0;        ///< along the direction
    float u = 0, v = 0; ///< barycentric weights of the face's second and third vertex
    int face = -1;
};

/// Immutable and thread-safe after construction; the same rays give the same hits whatever the
/// number of threads.
class RayCaster {
  public:
    /// Copies the mesh [V, 3] m, [F, 3]. Throws UserError for an index out of range.
    RayCaster(std::span<const Vec3f> vertices, std::span<const std::array<int, 3>> faces);
    ~RayCaster();
    RayCaster(const RayCaster&) = delete;
    RayCaster& operator=(const RayCaster&) = delete;

    bool nearest(Vec3f origin, Vec3f direction, float t_max, TriangleHit& hit) const;
    bool blocked(Vec3f origin, Vec3f direction, float t_max) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace rih
