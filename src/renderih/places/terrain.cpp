// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/terrain.h"

#include "renderih/math/sampling.h"
#include "renderih/places/noise.h"

#include <algorithm>

namespace rih {

namespace {

constexpr int kAround = 1024, kOut = 150;
constexpr float kNearest = 0.25f, kFarthest = 11000; // m

float smooth(float low, float high, float x) {
    const float t = std::clamp((x - low) / (high - low), 0.0f, 1.0f);
    return t * t * (3 - 2 * t);
}

} // namespace

float Terrain::height(float x, float z) const {
    const TerrainOptions& o = options_;
    const float r = std::sqrt(x * x + z * z);
    const auto field = [&](float scale, int octaves, std::uint32_t offset) {
        return fractal_noise(Vec2f{x / scale, z / scale}, octaves, o.seed + offset);
    };
    float y = o.bumps * smooth(1.5f, o.flat_radius, r) * field(7, 3, 1);
    y += 4 * o.bumps * smooth(o.flat_radius, 6 * o.flat_radius, r) * field(55, 3, 2);
    if (o.dunes > 0) {
        const float crest = ridged_noise(Vec2f{x / 95, z / 160}, 3, o.seed + 3);
        y += o.dunes * smooth(o.flat_radius, 5 * o.flat_radius, r) * (crest - 0.25f);
    }
    y += o.hills * smooth(40, 700, r) * (0.3f + field(480, 6, 4));
    if (o.mountains > 0) {
        y += o.mountains * smooth(1400, 6500, r) *
             ridged_noise(Vec2f{x / 3600, z / 3600}, 7, o.seed + 5);
    }
    if (o.shore_distance > 0) {
        // A wandering shore line, the far bank a kilometre or more away.
        const float wander =
            0.5f * o.shore_distance * fractal_noise(Vec2f{z / 40, 0.5f}, 4, o.seed + 6);
        const float out = x - o.shore_distance - wander;
        const float bank = 1300 + 500 * fractal_noise(Vec2f{z / 900, 3.5f}, 4, o.seed + 7);
        const float ends = std::fabs(z) + 150 * fractal_noise(Vec2f{x / 300, 7.5f}, 4, o.seed + 8);
        const float in_water = smooth(-6, 4, out) * (1 - smooth(bank, bank + 260, out)) *
                               (1 - smooth(900, 1300, ends));
        y = y * (1 - in_water) - 2.5f * in_water - 0.25f * smooth(-12, 0, out) * (1 - in_water);
    }
    return y;
}

void Terrain::add_to(PlaceMesh& mesh, int material) const {
    const auto first = static_cast<int>(mesh.vertices.size());
    const auto radius_of = [](int ring) {
        return kNearest * std::pow(kFarthest / kNearest, static_cast<float>(ring) / kOut);
    };
    for (int ring = 0; ring <= kOut; ++ring) {
        const float r = radius_of(ring);
        for (int i = 0; i < kAround; ++i) {
            const float azimuth = kTwoPiF * i / kAround;
            const float x = r * std::cos(azimuth), z = r * std::sin(azimuth);
            mesh.vertex({x, height(x, z), z}, {0, 1, 0}, {x, z});
        }
    }
    const auto at = [&](int ring, int i) {
        return first + ring * kAround + (i + kAround) % kAround;
    };
    for (int ring = 0; ring <= kOut; ++ring) {
        for (int i = 0; i < kAround; ++i) {
            const auto vertex = [&](int r, int k) {
                return mesh.vertices[static_cast<std::size_t>(at(std::clamp(r, 0, kOut), k))];
            };
            const Vec3f across = vertex(ring, i + 1) - vertex(ring, i - 1);
            const Vec3f outward = vertex(ring + 1, i) - vertex(ring - 1, i);
            Vec3f normal = normalize(cross(across, outward));
            normal = normal.y < 0 ? -normal : normal;
            mesh.normals[static_cast<std::size_t>(at(ring, i))] = normal;
            if (ring < kOut) {
                mesh.triangle(at(ring, i), at(ring, i + 1), at(ring + 1, i + 1), material);
                mesh.triangle(at(ring, i), at(ring + 1, i + 1), at(ring + 1, i), material);
            }
        }
    }
    const int middle = mesh.vertex({0, height(0, 0), 0}, {0, 1, 0}, {0, 0});
    for (int i = 0; i < kAround; i += 8) {
        mesh.triangle(middle, at(0, i + 8), at(0, i), material);
    }
}

} // namespace rih
