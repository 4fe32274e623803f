// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/furniture.h"

#include "renderih/math/sampling.h"
#include "renderih/places/draws.h"

#include <algorithm>

namespace rih {

namespace {

int any_thing(const RoomMaterials& m, Rng& rng) {
    return m.things[rng.uniform_index(static_cast<std::uint32_t>(m.things.size()))];
}

void add_cup(PlaceMesh& mesh, const Stand& stand, int material) {
    mesh.cylinder(stand, {}, {0, 0.09f, 0}, {0.036f, 0.042f}, 20, material);
    mesh.box(stand, {0.035f, 0.02f, -0.008f}, {0.065f, 0.07f, 0.008f}, material, 0.006f);
}

void add_bottle(PlaceMesh& mesh, const Stand& stand, float height, int material) {
    mesh.cylinder(stand, {}, {0, 0.62f * height, 0}, {0.037f, 0.037f}, 18, material);
    mesh.cylinder(
        stand, {0, 0.62f * height, 0}, {0, 0.8f * height, 0}, {0.037f, 0.014f}, 18, material);
    mesh.cylinder(stand, {0, 0.8f * height, 0}, {0, height, 0}, {0.014f, 0.014f}, 14, material);
}

/// A row of books, some leaning out, some lying.
void add_books(PlaceMesh& mesh,
               const Stand& stand,
               float width,
               float depth,
               float height,
               const RoomMaterials& m,
               Rng& rng) {
    float x = 0.01f;
    while (x < width - 0.05f) {
        const float thick = between(rng, 0.012f, 0.045f);
        if (rng.uniform_float() < 0.08f) {
            x += between(rng, 0.05f, 0.18f);
            continue;
        }
        const float tall = height * between(rng, 0.6f, 0.92f),
                    deep = depth * between(rng, 0.6f, 0.9f);
        if (x + thick > width) {
            break;
        }
        mesh.box(stand,
                 {x, 0, 0.02f},
                 {x + thick - 0.001f, tall, 0.02f + deep},
                 any_thing(m, rng),
                 0.002f);
        x += thick;
    }
}

} // namespace

void add_table(PlaceMesh& mesh, const Stand& stand, Vec3f size, int top, int legs) {
    const float x = 0.5f * size.x, z = 0.5f * size.z;
    mesh.box(stand, {-x, size.y - 0.032f, -z}, {x, size.y, z}, top, 0.004f);
    mesh.box(stand,
             {-x + 0.07f, size.y - 0.11f, -z + 0.07f},
             {x - 0.07f, size.y - 0.032f, -z + 0.095f},
             legs,
             0.002f);
    mesh.box(stand,
             {-x + 0.07f, size.y - 0.11f, z - 0.095f},
             {x - 0.07f, size.y - 0.032f, z - 0.07f},
             legs,
             0.002f);
    for (const float sx : {-1.0f, 1.0f}) {
        for (const float sz : {-1.0f, 1.0f}) {
            const Vec3f at{sx * (x - 0.07f), 0, sz * (z - 0.07f)};
            mesh.box(stand,
                     at - Vec3f{0.03f, 0, 0.03f},
                     at + Vec3f{0.03f, size.y - 0.032f, 0.03f},
                     legs,
                     0.004f);
        }
    }
}

void add_chair(PlaceMesh& mesh, const Stand& stand, int seat, int legs) {
    mesh.box(stand, {-0.21f, 0.43f, -0.2f}, {0.21f, 0.465f, 0.22f}, seat, 0.015f);
    for (const float sx : {-1.0f, 1.0f}) {
        mesh.box(stand,
                 {sx * 0.185f - 0.017f, 0, 0.17f},
                 {sx * 0.185f + 0.017f, 0.43f, 0.205f},
                 legs,
                 0.004f);
        mesh.cylinder(stand,
                      {sx * 0.185f, 0, -0.22f},
                      {sx * 0.185f, 0.45f, -0.18f},
                      {0.018f, 0.018f},
                      10,
                      legs);
        mesh.cylinder(stand,
                      {sx * 0.185f, 0.45f, -0.18f},
                      {sx * 0.185f, 0.92f, -0.25f},
                      {0.018f, 0.014f},
                      10,
                      legs);
    }
    for (int i = 0; i < 3; ++i) {
        const float y = 0.58f + 0.11f * i, z = -0.205f - 0.016f * i;
        mesh.box(stand, {-0.19f, y, z - 0.012f}, {0.19f, y + 0.06f, z + 0.006f}, seat, 0.005f);
    }
}

void add_office_chair(PlaceMesh& mesh, const Stand& stand, const RoomMaterials& m) {
    mesh.pillow(stand, {0, 0.48f, 0}, {0.25f, 0.045f, 0.24f}, 0.45f, m.dark);
    mesh.pillow(stand.at({0, 0.85f, -0.24f}), {}, {0.23f, 0.27f, 0.035f}, 0.45f, m.dark);
    mesh.cylinder(stand, {0, 0.1f, 0}, {0, 0.45f, 0}, {0.028f, 0.028f}, 12, m.metal);
    for (int i = 0; i < 5; ++i) {
        const float a = kTwoPiF * i / 5;
        mesh.cylinder(stand,
                      {0, 0.11f, 0},
                      {0.3f * std::cos(a), 0.06f, 0.3f * std::sin(a)},
                      {0.025f, 0.018f},
                      8,
                      m.dark);
        mesh.cylinder(stand,
                      {0.3f * std::cos(a), 0, 0.3f * std::sin(a)},
                      {0.3f * std::cos(a), 0.055f, 0.3f * std::sin(a)},
                      {0.028f, 0.028f},
                      8,
                      m.dark);
    }
    for (const float side : {-1.0f, 1.0f}) {
        mesh.box(stand,
                 {side * 0.29f - 0.03f, 0.66f, -0.13f},
                 {side * 0.29f + 0.03f, 0.69f, 0.13f},
                 m.dark,
                 0.012f);
        mesh.box(stand,
                 {side * 0.29f - 0.015f, 0.47f, -0.02f},
                 {side * 0.29f + 0.015f, 0.66f, 0.02f},
                 m.dark,
                 0.005f);
    }
}

void add_sofa(PlaceMesh& mesh, const Stand& stand, float width, const RoomMaterials& m, Rng& rng) {
    const float x = 0.5f * width;
    mesh.box(stand, {-x, 0.1f, 0}, {x, 0.3f, 0.86f}, m.fabric, 0.03f);
    mesh.box(stand, {-x, 0.1f, 0}, {x, 0.8f, 0.2f}, m.fabric, 0.07f);
    for (const float side : {-1.0f, 1.0f}) {
        mesh.box(
            stand, {side * x - 0.1f, 0.1f, 0}, {side * x + 0.1f, 0.6f, 0.86f}, m.fabric, 0.06f);
        for (const float z : {0.08f, 0.76f}) {
            mesh.cylinder(stand,
                          {side * (x - 0.05f), 0, z},
                          {side * (x - 0.05f), 0.1f, z},
                          {0.018f, 0.024f},
                          10,
                          m.wood);
        }
    }
    const int seats = width > 1.7f ? 3 : 2;
    const float pitch = (width - 0.2f) / seats;
    for (int i = 0; i < seats; ++i) {
        const float cx = -x + 0.1f + pitch * (i + 0.5f);
        mesh.pillow(stand, {cx, 0.38f, 0.53f}, {0.49f * pitch, 0.095f, 0.34f}, 0.38f, m.fabric);
        mesh.pillow(stand, {cx, 0.62f, 0.24f}, {0.48f * pitch, 0.22f, 0.1f}, 0.45f, m.fabric);
    }
    const int cushions = 1 + static_cast<int>(rng.uniform_index(3));
    for (int i = 0; i < cushions; ++i) {
        const float cx = between(rng, -x + 0.3f, x - 0.3f);
        mesh.pillow(stand.at({cx, 0.62f, 0.4f}, between(rng, -0.4f, 0.4f)),
                    {},
                    {0.21f, 0.2f, 0.08f},
                    0.6f,
                    m.cushion);
    }
}

void add_bed(PlaceMesh& mesh, const Stand& stand, float width, const RoomMaterials& m, Rng& rng) {
    const float x = 0.5f * width;
    mesh.box(stand, {-x - 0.04f, 0, 0}, {x + 0.04f, 1.02f, 0.06f}, m.wood, 0.01f);
    mesh.box(stand, {-x - 0.03f, 0.12f, 0.06f}, {x + 0.03f, 0.3f, 2.08f}, m.wood, 0.01f);
    mesh.box(stand, {-x, 0.28f, 0.07f}, {x, 0.5f, 2.05f}, m.linen, 0.06f);
    mesh.pillow(stand, {0, 0.49f, 1.35f}, {x + 0.04f, 0.11f, 0.74f}, 0.35f, m.second_fabric);
    const int pillows = width > 1.2f ? 2 : 1;
    for (int i = 0; i < pillows; ++i) {
        const float cx = pillows == 1 ? 0 : (i == 0 ? -0.5f * x : 0.5f * x);
        mesh.pillow(stand.at({cx, 0.57f, 0.36f}, between(rng, -0.12f, 0.12f)),
                    {},
                    {0.33f, 0.09f, 0.22f},
                    0.6f,
                    m.linen);
    }
}

void add_shelf(PlaceMesh& mesh, const Stand& stand, Vec3f size, const RoomMaterials& m, Rng& rng) {
    const float x = 0.5f * size.x, thick = 0.022f;
    mesh.box(stand, {-x, 0, 0}, {-x + thick, size.y, size.z}, m.second_wood, 0.002f);
    mesh.box(stand, {x - thick, 0, 0}, {x, size.y, size.z}, m.second_wood, 0.002f);
    mesh.box(stand, {-x, 0, 0}, {x, size.y, 0.008f}, m.second_wood);
    const int boards = std::max(2, static_cast<int>(size.y / 0.34f));
    const float pitch = (size.y - thick) / boards;
    const int columns = std::max(1, static_cast<int>(size.x / 0.7f));
    const float wide = (size.x - thick) / columns;
    for (int j = 0; j <= boards; ++j) {
        const float y = j * pitch;
        mesh.box(stand, {-x + thick, y, 0}, {x - thick, y + thick, size.z}, m.second_wood, 0.002f);
        if (j == boards) {
            break;
        }
        for (int i = 0; i < columns; ++i) {
            const float left = -x + thick + i * wide;
            const Stand board = stand.at({left, y + thick, 0.01f});
            const float room = pitch - thick, pick = rng.uniform_float();
            if (i > 0) {
                mesh.box(stand,
                         {left - thick, y + thick, 0},
                         {left, y + pitch, size.z},
                         m.second_wood,
                         0.002f);
            }
            if (pick < 0.62f) {
                add_books(mesh, board, wide - thick, size.z - 0.03f, room, m, rng);
            } else if (pick < 0.78f) {
                mesh.box(board,
                         {0.05f, 0, 0.02f},
                         {wide - 0.1f, 0.7f * room, size.z - 0.03f},
                         any_thing(m, rng),
                         0.01f);
            } else if (pick < 0.92f) {
                for (int k = 0; k < 3; ++k) {
                    const float px = wide * (0.2f + 0.28f * k);
                    const float r = between(rng, 0.03f, 0.06f);
                    mesh.pillow(board,
                                {px, 0.8f * r, 0.5f * size.z},
                                {r, 0.8f * r, r},
                                1,
                                any_thing(m, rng));
                }
            }
        }
    }
}

void add_cupboard(
    PlaceMesh& mesh, const Stand& stand, Vec3f size, int columns, int rows, int body, int handle) {
    const float x = 0.5f * size.x;
    mesh.box(stand, {-x, 0.05f, 0}, {x, size.y, size.z - 0.022f}, body, 0.002f);
    const float wide = size.x / columns, high = (size.y - 0.05f) / rows;
    for (int j = 0; j < rows; ++j) {
        for (int i = 0; i < columns; ++i) {
            const Vec3f low{-x + i * wide + 0.003f, 0.05f + j * high + 0.003f, size.z - 0.02f};
            mesh.box(
                stand, low, {low.x + wide - 0.006f, low.y + high - 0.006f, size.z}, body, 0.003f);
            const bool drawer = high < 0.5f * wide || high < 0.3f;
            const float hx =
                drawer ? low.x + 0.5f * wide : low.x + (i % 2 == 0 ? wide - 0.06f : 0.05f);
            const float hy = drawer ? low.y + 0.75f * high : low.y + 0.5f * high;
            const Vec3f half = drawer ? Vec3f{0.06f, 0.006f, 0} : Vec3f{0.006f, 0.07f, 0};
            mesh.box(stand,
                     Vec3f{hx, hy, size.z} - half,
                     Vec3f{hx, hy, size.z + 0.028f} + half,
                     handle,
                     0.004f);
        }
    }
}

void add_monitor(PlaceMesh& mesh, const Stand& stand, float width, const RoomMaterials& m) {
    const float x = 0.5f * width, high = 0.57f * width, foot = 0.12f;
    mesh.box(stand, {-x, foot, -0.02f}, {x, foot + high, 0.012f}, m.dark, 0.006f);
    mesh.quad(stand,
              {-x + 0.01f, foot + 0.014f, 0.0135f},
              {width - 0.02f, 0, 0},
              {0, high - 0.026f, 0},
              m.screen);
    mesh.box(stand, {-0.03f, 0.01f, -0.05f}, {0.03f, foot + 0.1f, -0.02f}, m.dark, 0.004f);
    mesh.box(stand, {-0.13f, 0, -0.12f}, {0.13f, 0.012f, 0.08f}, m.dark, 0.004f);
}

void add_picture(
    PlaceMesh& mesh, const Stand& stand, float width, float height, int frame, int canvas) {
    const float x = 0.5f * width, bar = 0.025f;
    mesh.quad(stand, {-x, 0, 0.012f}, {width, 0, 0}, {0, height, 0}, canvas);
    mesh.box(stand, {-x - bar, -bar, 0}, {x + bar, 0, 0.025f}, frame, 0.004f);
    mesh.box(stand, {-x - bar, height, 0}, {x + bar, height + bar, 0.025f}, frame, 0.004f);
    mesh.box(stand, {-x - bar, 0, 0}, {-x, height, 0.025f}, frame, 0.004f);
    mesh.box(stand, {x, 0, 0}, {x + bar, height, 0.025f}, frame, 0.004f);
}

void add_plant(
    PlaceMesh& mesh, const Stand& stand, float height, const RoomMaterials& m, Rng& rng) {
    const float pot = 0.22f * height + 0.06f;
    mesh.cylinder(stand, {}, {0, pot, 0}, {0.55f * pot, 0.75f * pot}, 28, m.ceramic);
    mesh.cylinder(
        stand, {0, 0.9f * pot, 0}, {0, 0.92f * pot, 0}, {0.7f * pot, 0.7f * pot}, 20, m.dark);
    for (int i = 0; i < 16; ++i) { // long blades that bend outwards
        const float azimuth = kTwoPiF * (i + rng.uniform_float()) / 16;
        const float reach = height * between(rng, 0.15f, 0.42f),
                    tall = height * between(rng, 0.5f, 1.0f);
        const float wide = height * between(rng, 0.03f, 0.055f);
        const Vec3f out{std::cos(azimuth), 0, std::sin(azimuth)}, across{-out.z, 0, out.x};
        int previous = -1;
        constexpr int kParts = 6;
        for (int k = 0; k <= kParts; ++k) {
            const float t = static_cast<float>(k) / kParts;
            const Vec3f p = Vec3f{0, 0.9f * pot, 0} + (reach * t * t) * out +
                            ((tall - pot) * (t - 0.35f * t * t * t)) * Vec3f{0, 1, 0};
            const float half = wide * std::sin(kPiF * (0.12f + 0.86f * t));
            const Vec3f normal = stand.direction(normalize(Vec3f{0, 0.8f, 0} + (0.3f + t) * out));
            const int a = mesh.vertex(stand.point(p - half * across), normal, {t, 0});
            mesh.vertex(stand.point(p + half * across), normal, {t, 1});
            if (previous >= 0) {
                mesh.triangle(previous, previous + 1, a + 1, m.leaf);
                mesh.triangle(previous, a + 1, a, m.leaf);
            }
            previous = a;
        }
    }
}

void add_curtain(PlaceMesh& mesh, const Stand& stand, float width, float height, int cloth) {
    const int folds = std::max(3, static_cast<int>(width / 0.085f));
    const int steps = 8 * folds;
    int previous = -1;
    for (int i = 0; i <= steps; ++i) {
        const float t = static_cast<float>(i) / steps, phase = kTwoPiF * folds * t;
        const float x = width * t, z = 0.035f * std::sin(phase) + 0.012f * std::sin(0.37f * phase);
        const float slope = 0.035f * kTwoPiF * folds / width * std::cos(phase);
        const Vec3f normal = stand.direction(normalize(Vec3f{-slope, 0, 1}));
        const float along = 1.6f * x;
        const int a = mesh.vertex(stand.point({x, 0, z}), normal, {along, 0});
        mesh.vertex(stand.point({x, height, 0.6f * z}), normal, {along, height});
        if (previous >= 0) {
            mesh.triangle(previous, a, a + 1, cloth);
            mesh.triangle(previous, a + 1, previous + 1, cloth);
        }
        previous = a;
    }
}

void add_clutter(PlaceMesh& mesh,
                 const Stand& stand,
                 float width,
                 float depth,
                 const RoomMaterials& m,
                 Rng& rng) {
    const int count = 2 + static_cast<int>(rng.uniform_index(6));
    for (int i = 0; i < count; ++i) {
        // Side by side, so that none stands in another.
        const float x = width * ((i + between(rng, 0.25f, 0.75f)) / count - 0.5f);
        const float z = depth * between(rng, -0.35f, 0.35f);
        const Stand at = stand.at({x, 0, z}, kTwoPiF * rng.uniform_float());
        switch (rng.uniform_index(6)) {
        case 0:
            add_cup(mesh, at, m.ceramic);
            break;
        case 1:
            add_bottle(mesh, at, between(rng, 0.18f, 0.32f), m.glass);
            break;
        case 2:
            mesh.box(at, {-0.11f, 0, -0.15f}, {0.11f, 0.004f, 0.15f}, m.white);
            break;
        case 3:
            for (int k = 0; k < 3; ++k) {
                mesh.box(at.at({0, 0.024f * k, 0}, 0.15f * k),
                         {-0.075f, 0, -0.105f},
                         {0.075f, 0.023f, 0.105f},
                         any_thing(m, rng),
                         0.002f);
            }
            break;
        case 4:
            mesh.cylinder(at, {}, {0, 0.06f, 0}, {0.06f, 0.13f}, 26, m.ceramic);
            for (int k = 0; k < 4; ++k) {
                mesh.pillow(at,
                            {0.055f * std::cos(1.6f * k), 0.075f, 0.055f * std::sin(1.6f * k)},
                            {0.038f, 0.036f, 0.038f},
                            1,
                            m.things[k % 2]);
            }
            break;
        default:
            const float height = between(rng, 0.08f, 0.2f);
            mesh.box(at, {-0.06f, 0, -0.05f}, {0.06f, height, 0.05f}, any_thing(m, rng), 0.004f);
            break;
        }
    }
}

void add_radiator(PlaceMesh& mesh, const Stand& stand, float width, int material) {
    for (float x = -0.5f * width; x < 0.5f * width; x += 0.06f) {
        mesh.box(stand, {x, 0.12f, 0.03f}, {x + 0.045f, 0.62f, 0.1f}, material, 0.018f);
    }
    mesh.box(stand, {-0.5f * width, 0.14f, 0.045f}, {0.5f * width, 0.17f, 0.085f}, material, 0.01f);
    mesh.box(stand, {-0.5f * width, 0.57f, 0.045f}, {0.5f * width, 0.6f, 0.085f}, material, 0.01f);
}

} // namespace rih
