// SPDX-License-Identifier: Apache-2.0
// One triangle mesh of a whole place, and the simple solids it is built from. Texture coordinates
// are metres along the surface.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/math/vec.h"

#include <array>
#include <cstdint>
#include <vector>

namespace rih {

/// Where an object stands: its own axes turned about +y, then moved.
struct Stand {
    Vec3f origin;
    float yaw = 0; ///< rad

    Vec3f direction(Vec3f d) const {
        const float c = std::cos(yaw), s = std::sin(yaw);
        return {c * d.x + s * d.z, d.y, -s * d.x + c * d.z};
    }
    Vec3f point(Vec3f p) const { return origin + direction(p); }
    Stand at(Vec3f p, float turn = 0) const { return {point(p), yaw + turn}; }
};

struct PlaceMesh {
    std::vector<Vec3f> vertices, normals; // [V] m, unit
    std::vector<Vec2f> uv;                // [V] m
    std::vector<std::array<int, 3>> faces;
    std::vector<std::uint16_t> material; // [F]

    int vertex(Vec3f p, Vec3f normal, Vec2f at);
    void triangle(int a, int b, int c, int material_index);
    /// `side_a` x `side_b` points outward.
    void quad(const Stand& stand, Vec3f corner, Vec3f side_a, Vec3f side_b, int material_index);
    /// Axis-aligned in the stand, its edges cut off by `bevel` and shaded round.
    void box(const Stand& stand, Vec3f low, Vec3f high, int material_index, float bevel = 0);
    void
    cylinder(const Stand& stand, Vec3f from, Vec3f to, Vec2f radii, int sides, int material_index);
    /// A superellipsoid: `roundness` 1 an ellipsoid, towards 0 a box; 16 x 10 patches.
    void pillow(const Stand& stand, Vec3f centre, Vec3f radii, float roundness, int material_index);
    /// Random flat leaves within an ellipsoid, normals turned outwards.
    void leaves(Vec3f centre, Vec3f radii, int count, float size, int material_index, Rng& rng);
};

} // namespace rih
