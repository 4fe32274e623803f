// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/buildings.h"

#include "renderih/math/sampling.h"

#include <algorithm>
#include <array>
#include <span>

namespace rih {

namespace {

/// One front of a block: glass behind, piers and bands before. The stand looks along its own +z.
void add_front(
    PlaceMesh& mesh, const Stand& stand, float width, float height, const BuildingMaterials& m) {
    constexpr float kRecess = 0.22f; // m
    const int columns = std::max(1, static_cast<int>(width / m.window.x));
    const int floors = std::max(1, static_cast<int>(height / m.window.y));
    const float pitch_x = width / columns, pitch_y = height / floors;
    const float left = -0.5f * width;
    mesh.quad(stand, {left, 0, -kRecess}, {width, 0, 0}, {0, height, 0}, m.glass);
    // The pattern's windows are whole ones of its own size: stretch its coordinates to ours.
    for (std::size_t v = mesh.uv.size() - 4; v < mesh.uv.size(); ++v) {
        mesh.uv[v] = {mesh.uv[v].x / pitch_x * m.window.x, mesh.uv[v].y / pitch_y * m.window.y};
    }
    const float pier = 0.3f * pitch_x, band = 0.4f * pitch_y;
    for (int i = 0; i <= columns; ++i) {
        const float x = left + i * pitch_x;
        const float from = std::max(left, x - 0.5f * pier), to = std::min(-left, x + 0.5f * pier);
        mesh.box(stand, {from, 0, -kRecess - 0.05f}, {to, height, 0}, m.wall);
    }
    for (int j = 0; j <= floors; ++j) {
        const float y = j * pitch_y;
        const float from = std::max(0.0f, y - 0.45f * band),
                    to = std::min(height, y + 0.55f * band);
        mesh.box(stand, {left, from, -kRecess - 0.05f}, {-left, to, -0.002f}, m.wall);
        if (j > 0 && j < floors) {
            mesh.box(stand, {left, to - 0.06f, -0.05f}, {-left, to, 0.07f}, m.frame, 0.01f);
        }
    }
}

} // namespace

void add_block(PlaceMesh& mesh, const Stand& stand, Vec3f size, const BuildingMaterials& m) {
    const float quarter = 0.5f * kPiF;
    for (int side = 0; side < 4; ++side) {
        const bool deep = side % 2 != 0;
        const float width = deep ? size.z : size.x, out = 0.5f * (deep ? size.x : size.z);
        const Stand turned = stand.at({}, side * quarter);
        add_front(mesh, turned.at({0, 0, out}), width, size.y, m);
    }
    const float x = 0.5f * size.x, z = 0.5f * size.z;
    mesh.box(stand, {-x, size.y - 0.02f, -z}, {x, size.y, z}, m.roof);
    mesh.box(stand,
             {-x - 0.15f, size.y, -z - 0.15f},
             {x + 0.15f, size.y + 0.5f, -z + 0.2f},
             m.frame,
             0.03f);
    mesh.box(stand,
             {-x - 0.15f, size.y, z - 0.2f},
             {x + 0.15f, size.y + 0.5f, z + 0.15f},
             m.frame,
             0.03f);
    mesh.box(stand, {-x - 0.15f, size.y, -z}, {-x + 0.2f, size.y + 0.5f, z}, m.frame, 0.03f);
    mesh.box(stand, {x - 0.2f, size.y, -z}, {x + 0.15f, size.y + 0.5f, z}, m.frame, 0.03f);
}

void add_house(PlaceMesh& mesh, const Stand& stand, Vec3f size, const BuildingMaterials& m) {
    const float x = 0.5f * size.x, z = 0.5f * size.z, wall = 0.62f * size.y, top = size.y;
    mesh.box(stand, {-x, -0.3f, -z}, {x, wall, z}, m.wall, 0.01f);
    for (const float side : {-1.0f, 1.0f}) { // gables
        const Vec3f normal = stand.direction({side, 0, 0});
        const int first = mesh.vertex(stand.point({side * x, wall, -z}), normal, {-z, wall});
        mesh.vertex(stand.point({side * x, wall, z}), normal, {z, wall});
        mesh.vertex(stand.point({side * x, top, 0}), normal, {0, top});
        mesh.triangle(first, first + 1, first + 2, m.wall);
    }
    const float over = 0.4f, rise = top - wall;
    const float drop = over * rise / z;
    for (const float side : {-1.0f, 1.0f}) { // roofs and their edges
        const Vec3f eaves{-side * (x + over), wall - drop, side * (z + over)};
        mesh.quad(stand,
                  eaves,
                  {side * 2 * (x + over), 0, 0},
                  {0, rise + drop, -side * (z + over)},
                  m.roof);
        mesh.quad(stand,
                  eaves - Vec3f{0, 0.14f, 0},
                  {side * 2 * (x + over), 0, 0},
                  {0, 0.14f, 0},
                  m.frame);
    }
    const int columns = std::max(2, static_cast<int>(size.x / 3));
    const int floors = std::max(1, static_cast<int>(wall / 2.7f));
    for (int side = 0; side < 4; ++side) {
        const bool deep = side % 2 != 0;
        const float out = deep ? x : z, wide = deep ? size.z : size.x;
        const Stand face = stand.at({}, 0.5f * kPiF * side).at({0, 0, out});
        for (int j = 0; j < floors; ++j) {
            for (int i = 0; i < columns; ++i) {
                const float cx = wide * ((i + 0.5f) / columns - 0.5f), cy = 0.95f + 2.7f * j;
                if (side == 0 && j == 0 && i == columns / 2) {
                    mesh.box(
                        face, {cx - 0.55f, -0.1f, 0}, {cx + 0.55f, 2.15f, 0.05f}, m.frame, 0.01f);
                    continue;
                }
                mesh.box(face,
                         {cx - 0.62f, cy - 0.07f, 0},
                         {cx + 0.62f, cy + 1.37f, 0.06f},
                         m.frame,
                         0.01f);
                mesh.quad(face, {cx - 0.52f, cy, 0.065f}, {1.04f, 0, 0}, {0, 1.3f, 0}, m.glass);
                for (std::size_t v = mesh.uv.size() - 4; v < mesh.uv.size(); ++v) {
                    const float u = mesh.uv[v].x / 1.04f, w = mesh.uv[v].y / 1.3f;
                    mesh.uv[v] = {(0.15f + 0.7f * u + i + 9 * side) * m.window.x,
                                  (0.12f + 0.8f * w + j) * m.window.y};
                }
                mesh.box(face,
                         {cx - 0.7f, cy - 0.12f, 0},
                         {cx + 0.7f, cy - 0.06f, 0.16f},
                         m.frame,
                         0.01f);
            }
        }
    }
    mesh.box(stand, {0.4f * x, wall, -0.5f}, {0.4f * x + 0.6f, top + 0.7f, 0.1f}, m.wall, 0.02f);
}

void add_car(PlaceMesh& mesh, const Stand& stand, const CarMaterials& m) {
    // Side outlines along z, drawn across x: body, then cabin.
    struct Section {
        float z, low, high, half;
    };
    const auto hull = [&](std::span<const Section> sections, int material) {
        const auto first = static_cast<int>(mesh.vertices.size());
        for (const Section& s : sections) {
            const float round = 0.12f;
            const Vec3f ring[6] = {{-s.half, s.low, s.z},
                                   {-s.half, s.high - round, s.z},
                                   {-s.half + round, s.high, s.z},
                                   {s.half - round, s.high, s.z},
                                   {s.half, s.high - round, s.z},
                                   {s.half, s.low, s.z}};
            const Vec3f out[6] = {{-1, 0.1f, 0},
                                  {-0.8f, 0.6f, 0},
                                  {-0.3f, 1, 0},
                                  {0.3f, 1, 0},
                                  {0.8f, 0.6f, 0},
                                  {1, 0.1f, 0}};
            for (int i = 0; i < 6; ++i) {
                const float along = s.z > 1.9f ? 0.9f : (s.z < -1.9f ? -0.9f : 0);
                mesh.vertex(stand.point(ring[i]),
                            stand.direction(normalize(out[i] + Vec3f{0, 0, along})),
                            {s.z, ring[i].y});
            }
        }
        for (std::size_t k = 0; k + 1 < sections.size(); ++k) {
            for (int i = 0; i < 5; ++i) {
                const int a = first + 6 * static_cast<int>(k) + i;
                mesh.triangle(a, a + 6, a + 7, material);
                mesh.triangle(a, a + 7, a + 1, material);
            }
        }
        for (const std::size_t k : {std::size_t{0}, sections.size() - 1}) {
            const int a = first + 6 * static_cast<int>(k);
            for (int i = 1; i < 5; ++i) {
                mesh.triangle(a, a + i, a + i + 1, material);
            }
        }
    };
    constexpr std::array<Section, 7> body{{{-2.1f, 0.3f, 0.62f, 0.74f},
                                           {-2.02f, 0.22f, 0.82f, 0.82f},
                                           {-1.1f, 0.2f, 0.95f, 0.87f},
                                           {0.4f, 0.2f, 0.95f, 0.88f},
                                           {1.3f, 0.2f, 0.88f, 0.86f},
                                           {2.0f, 0.22f, 0.72f, 0.8f},
                                           {2.12f, 0.3f, 0.55f, 0.72f}}};
    constexpr std::array<Section, 5> cabin{{{-1.75f, 0.9f, 0.96f, 0.72f},
                                            {-1.1f, 0.9f, 1.4f, 0.66f},
                                            {-0.2f, 0.9f, 1.46f, 0.66f},
                                            {0.4f, 0.9f, 1.38f, 0.66f},
                                            {1.15f, 0.85f, 0.92f, 0.72f}}};
    hull(body, m.paint);
    hull(cabin, m.glass);
    mesh.box(stand, {-0.58f, 1.4f, -1.1f}, {0.58f, 1.48f, 0.35f}, m.paint, 0.04f);
    for (const float z : {-1.3f, 1.32f}) {
        for (const float side : {-1.0f, 1.0f}) {
            mesh.cylinder(stand,
                          {side * 0.68f, 0.31f, z},
                          {side * 0.9f, 0.31f, z},
                          {0.31f, 0.31f},
                          18,
                          m.tyre);
            mesh.cylinder(stand,
                          {side * 0.86f, 0.31f, z},
                          {side * 0.905f, 0.31f, z},
                          {0.19f, 0.17f},
                          14,
                          m.trim);
        }
    }
    mesh.box(stand, {-0.7f, 0.6f, 2.02f}, {-0.35f, 0.72f, 2.1f}, m.trim, 0.02f);
    mesh.box(stand, {0.35f, 0.6f, 2.02f}, {0.7f, 0.72f, 2.1f}, m.trim, 0.02f);
}

void add_lamp_post(
    PlaceScene& scene, const Stand& stand, float height, int metal, int lamp, Vec3f radiance) {
    PlaceMesh& mesh = scene.mesh;
    mesh.cylinder(stand, {}, {0, 0.9f, 0}, {0.09f, 0.075f}, 12, metal);
    mesh.cylinder(stand, {0, 0.9f, 0}, {0, height, 0}, {0.06f, 0.04f}, 12, metal);
    mesh.cylinder(stand, {0, height, 0}, {0.9f, height + 0.15f, 0}, {0.035f, 0.03f}, 8, metal);
    mesh.box(stand, {0.8f, height + 0.12f, -0.13f}, {1.35f, height + 0.22f, 0.13f}, metal, 0.03f);
    const Vec3f bulb{1.08f, height + 0.09f, 0};
    mesh.pillow(stand, bulb, {0.17f, 0.06f, 0.1f}, 0.8f, lamp);
    if (luminance(radiance) > 0) {
        scene.lamps.push_back({.centre = stand.point(bulb), .radius = 0.16f, .radiance = radiance});
    }
}

void add_bench(PlaceMesh& mesh, const Stand& stand, int wood, int metal) {
    for (int i = 0; i < 4; ++i) {
        mesh.box(stand,
                 {-0.9f, 0.43f, -0.2f + 0.115f * i},
                 {0.9f, 0.465f, -0.11f + 0.115f * i},
                 wood,
                 0.008f);
    }
    for (int i = 0; i < 3; ++i) {
        mesh.box(stand,
                 {-0.9f, 0.55f + 0.12f * i, -0.27f - 0.02f * i},
                 {0.9f, 0.64f + 0.12f * i, -0.24f - 0.02f * i},
                 wood,
                 0.008f);
    }
    for (const float x : {-0.7f, 0.7f}) {
        mesh.box(stand, {x - 0.03f, 0, -0.26f}, {x + 0.03f, 0.43f, -0.2f}, metal, 0.006f);
        mesh.box(stand, {x - 0.03f, 0, 0.16f}, {x + 0.03f, 0.43f, 0.22f}, metal, 0.006f);
        mesh.box(stand, {x - 0.03f, 0.4f, -0.3f}, {x + 0.03f, 0.92f, -0.27f}, metal, 0.006f);
    }
}

void add_fence(PlaceMesh& mesh, const Stand& stand, float length, float height, int material) {
    for (float x = -0.5f * length; x < 0.5f * length; x += 0.13f) {
        mesh.box(stand, {x, 0.06f, 0}, {x + 0.09f, height, 0.02f}, material, 0.004f);
    }
    for (const float y : {0.25f, 0.75f}) {
        mesh.box(stand,
                 {-0.5f * length, y * height, -0.03f},
                 {0.5f * length, y * height + 0.08f, 0},
                 material,
                 0.004f);
    }
}

void add_container(PlaceMesh& mesh, const Stand& stand, int material) {
    // Corrugated sides: one wave each 28 cm.
    constexpr float kLong = 6.06f, kHigh = 2.59f, kWide = 2.44f;
    mesh.box(stand,
             {-0.5f * kLong, 0.05f, -0.5f * kWide + 0.04f},
             {0.5f * kLong, kHigh, 0.5f * kWide - 0.04f},
             material);
    for (const float side : {-1.0f, 1.0f}) {
        for (float x = -0.5f * kLong + 0.1f; x < 0.5f * kLong - 0.2f; x += 0.28f) {
            const float z = side * (0.5f * kWide - 0.03f);
            mesh.box(stand,
                     {x, 0.15f, z - 0.03f},
                     {x + 0.14f, kHigh - 0.1f, z + 0.03f},
                     material,
                     0.02f);
        }
        const float z = side * 0.5f * kWide;
        for (const float y : {0.05f, kHigh - 0.14f}) {
            mesh.box(stand,
                     {-0.5f * kLong, y, z - 0.08f},
                     {0.5f * kLong, y + 0.14f, z + 0.01f},
                     material,
                     0.01f);
        }
    }
}

} // namespace rih
