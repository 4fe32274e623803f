// SPDX-License-Identifier: Apache-2.0
// Meshes for tests: closed shapes with known measures, and shapes like the parts of a hand.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/geometry/mesh.h"

#include <cmath>
#include <map>

namespace rih::testing {

inline TriMesh make_mesh(const std::vector<Vec3>& vertices, const Triangles& faces) {
    TriMesh mesh;
    mesh.vertices.resize(static_cast<Eigen::Index>(vertices.size()), 3);
    for (std::size_t i = 0; i < vertices.size(); ++i) {
        mesh.vertices.row(static_cast<Eigen::Index>(i)) = vertices[i].transpose();
    }
    mesh.faces = faces;
    return mesh;
}

/// The axis-aligned box [-half, half]^3, 12 faces.
inline TriMesh make_box(double half) {
    std::vector<Vec3> v;
    for (int i = 0; i < 8; ++i) {
        v.emplace_back((i & 1) ? half : -half, (i & 2) ? half : -half, (i & 4) ? half : -half);
    }
    return make_mesh(v,
                     {{0, 2, 1},
                      {1, 2, 3},
                      {4, 5, 6},
                      {5, 7, 6},
                      {0, 1, 4},
                      {1, 5, 4},
                      {2, 6, 3},
                      {3, 6, 7},
                      {0, 4, 2},
                      {2, 4, 6},
                      {1, 3, 5},
                      {3, 7, 5}});
}

/// A sphere of `radius` at the origin: an icosahedron split `levels` times, 20 * 4^levels faces,
/// vertices on the sphere.
inline TriMesh make_sphere(double radius, int levels) {
    const double g = (1 + std::sqrt(5.0)) / 2;
    std::vector<Vec3> v = {{-1, g, 0},
                           {1, g, 0},
                           {-1, -g, 0},
                           {1, -g, 0},
                           {0, -1, g},
                           {0, 1, g},
                           {0, -1, -g},
                           {0, 1, -g},
                           {g, 0, -1},
                           {g, 0, 1},
                           {-g, 0, -1},
                           {-g, 0, 1}};
    Triangles faces = {{0, 11, 5}, {0, 5, 1},  {0, 1, 7},   {0, 7, 10}, {0, 10, 11},
                       {1, 5, 9},  {5, 11, 4}, {11, 10, 2}, {10, 7, 6}, {7, 1, 8},
                       {3, 9, 4},  {3, 4, 2},  {3, 2, 6},   {3, 6, 8},  {3, 8, 9},
                       {4, 9, 5},  {2, 4, 11}, {6, 2, 10},  {8, 6, 7},  {9, 8, 1}};
    for (int level = 0; level < levels; ++level) {
        std::map<std::pair<int, int>, int> middle;
        const auto middle_of = [&](int a, int b) {
            const auto [it, fresh] =
                middle.try_emplace(std::minmax(a, b), static_cast<int>(v.size()));
            if (fresh) {
                v.push_back((v[static_cast<std::size_t>(a)] + v[static_cast<std::size_t>(b)]) / 2);
            }
            return it->second;
        };
        Triangles finer;
        for (const auto& [a, b, c] : faces) {
            const int ab = middle_of(a, b), bc = middle_of(b, c), ca = middle_of(c, a);
            finer.insert(finer.end(), {{a, ab, ca}, {b, bc, ab}, {c, ca, bc}, {ab, bc, ca}});
        }
        faces = std::move(finer);
    }
    for (Vec3& x : v) {
        x = x.normalized() * radius;
    }
    return make_mesh(v, faces);
}

/// An open tube of `rings` x `around` vertices about a bent axis, with bumps: a finger's segment
/// without its caps. `bend` radians over its `length`; large bends fold it into itself.
inline TriMesh
make_tube(Rng& rng, int rings, int around, double radius, double length, double bend) {
    std::vector<Vec3> v;
    for (int i = 0; i < rings; ++i) {
        const double s = double(i) / (rings - 1);
        const double angle = bend * (s - 0.5);
        const double arm = std::abs(bend) > 1e-9 ? length / bend : 0;
        const Vec3 centre = arm == 0 ? Vec3(0, length * s, 0)
                                     : Vec3(arm * (std::cos(angle) - 1), arm * std::sin(angle), 0);
        const Vec3 out(std::cos(angle), std::sin(angle), 0);
        for (int k = 0; k < around; ++k) {
            const double phi = 2 * kPi * k / around;
            const double r = radius * (1 + 0.15 * rng.uniform(-1, 1));
            // The rim is ragged along the axis, as a seam between parts is.
            const Vec3 along(-std::sin(angle), std::cos(angle), 0);
            v.push_back(centre + r * (std::cos(phi) * out + std::sin(phi) * Vec3(0, 0, 1)) +
                        0.2 * radius * rng.uniform(-1, 1) * along);
        }
    }
    Triangles faces;
    for (int i = 0; i + 1 < rings; ++i) {
        for (int k = 0; k < around; ++k) {
            const int a = i * around + k, b = i * around + (k + 1) % around;
            faces.push_back({a, a + around, b});
            faces.push_back({b, a + around, b + around});
        }
    }
    return make_mesh(v, faces);
}

/// The walls over an outline, counter-clockwise seen from +z, up to `height`: a prism whose bottom
/// and top are missing.
inline TriMesh make_well(const std::vector<Vec3>& outline, double height) {
    std::vector<Vec3> v;
    Triangles faces;
    const auto count = static_cast<int>(outline.size());
    for (int i = 0; i < count; ++i) {
        v.push_back(outline[static_cast<std::size_t>(i)]);
        v.push_back(v.back() + height * Vec3::UnitZ());
        const int next = (i + 1) % count;
        faces.push_back({2 * i, 2 * next, 2 * next + 1});
        faces.push_back({2 * i, 2 * next + 1, 2 * i + 1});
    }
    return make_mesh(v, faces);
}

inline Vec3 random_in_box(Rng& rng, const Vec3& low, const Vec3& high) {
    const double x = rng.uniform(low.x(), high.x());
    const double y = rng.uniform(low.y(), high.y());
    return {x, y, rng.uniform(low.z(), high.z())};
}

inline Vec3 random_direction(Rng& rng) {
    const double x = rng.normal(), y = rng.normal();
    return Vec3(x, y, rng.normal()).normalized();
}

} // namespace rih::testing
