// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/plants.h"

#include "renderih/math/sampling.h"
#include "renderih/places/draws.h"
#include "renderih/places/noise.h"

#include <algorithm>

namespace rih {

namespace {

Vec3f random_direction(Rng& rng) {
    return sample_uniform_sphere({rng.uniform_float(), rng.uniform_float()});
}

struct Crown {
    int twigs_deep, leaves_a_twig, sides;
    float leaf_size;
};

Crown crown_of(Detail detail) {
    switch (detail) {
    case Detail::Near:
        return {4, 90, 8, 0.055f};
    case Detail::Middle:
        return {3, 70, 5, 0.11f};
    case Detail::Far:
        break;
    }
    return {2, 44, 3, 0.27f};
}

void grow(PlaceMesh& mesh,
          Vec3f from,
          Vec3f along,
          float length_m,
          float radius,
          int deep,
          const Crown& crown,
          TreeMaterials materials,
          Rng& rng) {
    // Two lengths, bent between.
    Vec3f direction = along;
    Vec3f at = from;
    for (int i = 0; i < 2; ++i) {
        direction = normalize(direction + 0.18f * random_direction(rng) + Vec3f{0, 0.05f, 0});
        const Vec3f next = at + (0.5f * length_m) * direction;
        const float r0 = radius * (1 - 0.2f * i), r1 = radius * (0.8f - 0.2f * i);
        mesh.cylinder({}, at, next, {r0, r1}, crown.sides, materials.bark);
        at = next;
    }
    if (deep == 0) {
        const float size = 0.95f * length_m;
        mesh.leaves(at,
                    {size, 0.75f * size, size},
                    crown.leaves_a_twig,
                    crown.leaf_size,
                    materials.leaf,
                    rng);
        return;
    }
    const int branches = 3 + static_cast<int>(rng.uniform_index(2));
    // The stem goes on, so that crowns are tall as well as wide.
    grow(mesh, at, direction, length_m * 0.7f, radius * 0.58f, deep - 1, crown, materials, rng);
    const float phase = kTwoPiF * rng.uniform_float();
    for (int i = 0; i < branches; ++i) {
        const float azimuth = phase + kTwoPiF * (i + 0.3f * rng.uniform_float()) / branches;
        const float spread = between(rng, 0.5f, 1.0f);
        const Vec3f side{std::cos(azimuth), 0.15f, std::sin(azimuth)};
        const Vec3f out = normalize((1 - 0.45f * spread) * direction + spread * side);
        grow(mesh,
             at - (0.25f * length_m * (i % 2)) * direction,
             out,
             length_m * between(rng, 0.58f, 0.8f),
             radius * 0.55f,
             deep - 1,
             crown,
             materials,
             rng);
    }
}

} // namespace

void add_broadleaf(
    PlaceMesh& mesh, Vec3f foot, float height, TreeMaterials materials, Detail detail, Rng& rng) {
    Crown crown = crown_of(detail);
    crown.leaf_size *= std::sqrt(height / 9);
    const float trunk = height * between(rng, 0.26f, 0.36f);
    grow(mesh,
         foot - Vec3f{0, 0.2f, 0},
         {0, 1, 0},
         trunk,
         0.022f * height,
         crown.twigs_deep,
         crown,
         materials,
         rng);
}

void add_conifer(
    PlaceMesh& mesh, Vec3f foot, float height, TreeMaterials materials, Detail detail, Rng& rng) {
    const int sides = detail == Detail::Near ? 9 : 5;
    const float radius = 0.014f * height;
    mesh.cylinder({},
                  foot - Vec3f{0, 0.2f, 0},
                  foot + Vec3f{0, 0.97f * height, 0},
                  {radius, 0.1f * radius},
                  sides,
                  materials.bark);
    const float bare = between(rng, 0.06f, 0.22f), reach = height * between(rng, 0.19f, 0.28f);
    const int whorls = detail == Detail::Near ? 54 : (detail == Detail::Middle ? 34 : 20);
    const int boughs = detail == Detail::Near ? 11 : (detail == Detail::Middle ? 10 : 8);
    const int needles = detail == Detail::Near ? 30 : (detail == Detail::Middle ? 10 : 4);
    for (int w = 0; w < whorls; ++w) {
        const float up = static_cast<float>(w) / whorls;
        const float y = height * (bare + (1 - bare) * up);
        for (int b = 0; b < boughs; ++b) {
            const float azimuth = kTwoPiF * (b + rng.uniform_float()) / boughs;
            const float long_m = reach * (1.05f - up) * between(rng, 0.65f, 1.1f);
            const float droop = 0.35f - 0.55f * up + between(rng, -0.1f, 0.1f);
            const Vec3f out = normalize(Vec3f{std::cos(azimuth), -droop, std::sin(azimuth)});
            const Vec3f across = normalize(cross(out, Vec3f{0, 1, 0}));
            const Vec3f from = foot + Vec3f{0, y, 0};
            for (int n = 0; n < needles; ++n) {
                // Sprays of needles along the bough, hanging a little.
                const float t0 = (n + 0.2f) / (needles + 0.4f);
                const float size = long_m * (needles > 5 ? 0.24f : 0.55f) * (1.15f - 0.6f * t0);
                const Vec3f root = from + (t0 * long_m) * out;
                const float turn = between(rng, -0.9f, 0.9f);
                const Vec3f tip_way = normalize(out + turn * across + Vec3f{0, -0.25f, 0} +
                                                0.25f * random_direction(rng));
                const Vec3f wide = normalize(cross(tip_way, Vec3f{0, 1, 0.2f}));
                const Vec3f normal =
                    normalize(Vec3f{0, 0.7f, 0} + 0.8f * out + 0.4f * random_direction(rng));
                const float w2 = (detail == Detail::Near ? 0.2f : 0.32f) * size;
                const int first = mesh.vertex(root - w2 * wide, normal, {0, 0});
                mesh.vertex(root + w2 * wide, normal, {0, 1});
                mesh.vertex(root + size * tip_way, normal, {1, 0});
                mesh.triangle(first, first + 1, first + 2, materials.leaf);
            }
        }
    }
}

void add_shrub(PlaceMesh& mesh, Vec3f foot, float height, int leaf, Detail detail, Rng& rng) {
    const int clumps = detail == Detail::Far ? 2 : 5;
    const int count = detail == Detail::Near ? 700 : (detail == Detail::Middle ? 160 : 50);
    const float size =
        (detail == Detail::Near ? 0.045f : (detail == Detail::Middle ? 0.1f : 0.2f)) *
        std::sqrt(height);
    for (int i = 0; i < clumps; ++i) {
        const Vec3f off{between(rng, -0.45f, 0.45f) * height,
                        between(rng, 0.35f, 0.6f) * height,
                        between(rng, -0.45f, 0.45f) * height};
        mesh.leaves(
            foot + off, {0.5f * height, 0.45f * height, 0.5f * height}, count, size, leaf, rng);
    }
}

void add_grass(PlaceMesh& mesh, const GrassOptions& options, const GrassGround& ground, Rng& rng) {
    for (int i = 0; i < options.blades; ++i) {
        // Density falls outwards, faster than 1 / r.
        const float r = options.radius * std::pow(rng.uniform_float(), 1.25f);
        const float azimuth = kTwoPiF * rng.uniform_float();
        const float x = r * std::cos(azimuth), z = r * std::sin(azimuth);
        const std::optional<float> y = ground(x, z);
        const float tall = options.height * between(rng, 0.45f, 1.25f);
        const float lean = between(rng, 0.1f, 0.75f), turn = kTwoPiF * rng.uniform_float();
        const float wide = 0.0016f * (1 + 0.9f * r) * between(rng, 0.7f, 1.4f);
        const float clump = std::max(0.35f,
                                     0.85f + 0.6f * gradient_noise(Vec2f{2.5f * x, 2.5f * z}, 5) +
                                         0.7f * gradient_noise(Vec2f{0.4f * x, 0.4f * z}, 6));
        if (!y) {
            continue;
        }
        const Vec3f root{x, *y - 0.01f, z};
        const Vec3f lean_way{std::cos(turn), 0, std::sin(turn)};
        const Vec3f across{-lean_way.z, 0, lean_way.x};
        const Vec3f middle =
            root + (0.6f * tall * clump) * Vec3f{0, 1, 0} + (0.25f * lean * tall) * lean_way;
        const Vec3f tip =
            root + (tall * clump) * Vec3f{0, 1 - 0.3f * lean, 0} + (0.8f * lean * tall) * lean_way;
        const Vec3f normal = normalize(Vec3f{0, 1, 0} + 0.3f * lean_way);
        const int first = mesh.vertex(root - wide * across, normal, {0, 0});
        mesh.vertex(root + wide * across, normal, {0, 1});
        mesh.vertex(middle - (0.8f * wide) * across, normal, {1, 0});
        mesh.vertex(middle + (0.8f * wide) * across, normal, {1, 1});
        mesh.vertex(tip, normal, {2, 0});
        mesh.triangle(first, first + 1, first + 3, options.material);
        mesh.triangle(first, first + 3, first + 2, options.material);
        mesh.triangle(first + 2, first + 3, first + 4, options.material);
    }
}

void add_stone(PlaceMesh& mesh, Vec3f centre, float size, int material, Rng& rng) {
    const auto first = mesh.vertices.size();
    const Vec3f radii =
        size * Vec3f{between(rng, 0.7f, 1.3f), between(rng, 0.4f, 0.8f), between(rng, 0.7f, 1.3f)};
    const float turn = kTwoPiF * rng.uniform_float();
    mesh.pillow({centre, turn}, {}, radii, between(rng, 0.6f, 1.0f), material);
    const auto seed = rng.next_u32();
    for (std::size_t v = first; v < mesh.vertices.size(); ++v) {
        const Vec3f away = mesh.vertices[v] - centre;
        const float bump = fractal_noise((1.6f / size) * away, 3, seed);
        mesh.vertices[v] = centre + (1 + 0.28f * bump) * away;
    }
}

} // namespace rih
