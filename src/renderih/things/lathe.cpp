// SPDX-License-Identifier: Apache-2.0
#include "renderih/things/lathe.h"

#include "renderih/math/sampling.h"

#include <cmath>

namespace rih {

namespace {

constexpr int kSides = 40;
constexpr float kSharp = 0.64f; // cosine of 50 degrees
constexpr int kHandleRings = 14, kHandleSides = 10;

/// Of a step along the outline, pointing to its right.
Vec2f right_of(Vec2f from, Vec2f to) {
    const Vec2f way{to.x - from.x, to.y - from.y};
    const float length = std::hypot(way.x, way.y);
    return {way.y / length, -way.x / length};
}

/// The normal where two steps meet, on the side of the first.
Vec2f shaded(Vec2f across, Vec2f beside) {
    if (across.x * beside.x + across.y * beside.y < kSharp) {
        return across;
    }
    const Vec2f sum{across.x + beside.x, across.y + beside.y};
    const float length = std::hypot(sum.x, sum.y);
    return {sum.x / length, sum.y / length};
}

} // namespace

void add_lathe(PlaceMesh& mesh,
               const Stand& stand,
               const std::vector<Vec2f>& outline,
               int material) {
    std::vector<Vec2f> across; // of each step
    for (std::size_t i = 0; i + 1 < outline.size(); ++i) {
        across.push_back(right_of(outline[i], outline[i + 1]));
    }
    for (std::size_t i = 0; i < across.size(); ++i) {
        const Vec2f low = i > 0 ? shaded(across[i], across[i - 1]) : across[i];
        const Vec2f high = i + 1 < across.size() ? shaded(across[i], across[i + 1]) : across[i];
        int previous_low = -1, previous_high = -1;
        for (int side = 0; side <= kSides; ++side) {
            const float angle = kTwoPiF * static_cast<float>(side) / kSides;
            const float c = std::cos(angle), s = std::sin(angle);
            const auto point = [&](Vec2f p, Vec2f normal) {
                return mesh.vertex(stand.point({p.x * c, p.y, p.x * s}),
                                   stand.direction({normal.x * c, normal.y, normal.x * s}),
                                   {angle, p.y});
            };
            const int at_low = point(outline[i], low), at_high = point(outline[i + 1], high);
            if (side > 0 && outline[i].x > 0) {
                mesh.triangle(previous_low, previous_high, at_low, material);
            }
            if (side > 0 && outline[i + 1].x > 0) {
                mesh.triangle(previous_high, at_high, at_low, material);
            }
            previous_low = at_low;
            previous_high = at_high;
        }
    }
}

void add_handle(
    PlaceMesh& mesh, const Stand& stand, float radius, float low, float high, int material) {
    const float middle = 0.5f * (low + high), half = 0.5f * (high - low), out = 0.9f * half;
    constexpr float kThick = 0.0045f;
    int previous = -1;
    for (int ring = 0; ring <= kHandleRings; ++ring) {
        // Half a turn, from the wall and back into it.
        const float t = kTwoPiF * 0.5f * static_cast<float>(ring) / kHandleRings;
        const Vec3f outward{std::sin(t), -std::cos(t), 0};
        const Vec3f centre{radius - 0.002f + out * std::sin(t), middle - half * std::cos(t), 0};
        const auto first = static_cast<int>(mesh.vertices.size());
        for (int side = 0; side <= kHandleSides; ++side) {
            const float angle = kTwoPiF * static_cast<float>(side) / kHandleSides;
            const Vec3f normal = std::cos(angle) * outward + Vec3f{0, 0, std::sin(angle)};
            mesh.vertex(
                stand.point(centre +
                            Vec3f{kThick * normal.x, kThick * normal.y, 1.5f * kThick * normal.z}),
                stand.direction(normal),
                {angle, t});
        }
        if (ring > 0) {
            for (int side = 0; side < kHandleSides; ++side) {
                mesh.triangle(previous + side, first + side, previous + side + 1, material);
                mesh.triangle(first + side, first + side + 1, previous + side + 1, material);
            }
        }
        previous = first;
    }
}

} // namespace rih
