// SPDX-License-Identifier: Apache-2.0
// Paint, wood, tiles, cloth, pictures, screens.
#include "renderih/math/sampling.h"
#include "renderih/places/pattern_maker.h"

namespace rih {

float PatternMaker::noise(Vec2f scale, int octaves, std::uint32_t offset) const {
    const Vec2f q{p.uv.x / scale.x, p.uv.y / scale.y};
    return fractal_noise(q, octaves, m.seed + offset, p.footprint / std::min(scale.x, scale.y));
}

float PatternMaker::noise3(float scale, int octaves, std::uint32_t offset) const {
    return fractal_noise((1 / scale) * p.position, octaves, m.seed + offset, p.footprint / scale);
}

PatternSample PatternMaker::plain() const {
    PatternSample s;
    s.albedo = m.colour_a;
    s.reflectance = m.reflectance;
    s.polish = m.polish;
    s.emission = m.emission;
    return s;
}

PatternSample PatternMaker::plaster() const {
    PatternSample s = plain();
    const float roll = noise({0.006f, 0.006f}, 3, 1);
    s.albedo = (1 + 0.015f * noise({0.6f, 0.6f}, 3, 2) + 0.012f * roll) * m.colour_a;
    s.height = 0.00025f * roll;
    return s;
}

Vec3f PatternMaker::grain(Vec3f light, Vec3f dark, Vec2f at, std::uint32_t board) const {
    const float fp = p.footprint;
    const float shift = 17.0f * hash_unit(static_cast<int>(board & 0xffff), 3, 5, m.seed);
    const Vec2f q{at.x / 0.9f + shift, at.y / 0.05f + shift};
    const float warp = fractal_noise(q, 2, m.seed + 3, fp / 0.05f);
    const float rings = at.y / 0.011f + 5.0f * warp + 2 * shift;
    const float ring = 0.5f + 0.5f * std::sin(kTwoPiF * 0.5f * rings);
    const float fibre =
        fractal_noise(Vec2f{at.x / 0.05f + shift, at.y / 0.0012f}, 2, m.seed + 5, fp / 0.0012f);
    const float ring_left = left(0.02f, fp);
    const float dim = 0.45f + ring_left * 0.3f * (ring - 0.5f) + 0.28f * fibre + 0.12f * warp;
    return mix(light, dark, std::clamp(dim, 0.0f, 1.0f));
}

PatternSample PatternMaker::wood() const {
    PatternSample s = plain();
    s.albedo = grain(m.colour_a, m.colour_b, p.uv, m.seed);
    s.height = 0.00003f * noise({0.03f, 0.0015f}, 2, 8);
    return s;
}

PatternSample PatternMaker::planks() const {
    PatternSample s = plain();
    const float width = m.size, board_length = 12 * m.size;
    const int row = cell(p.uv.y, width);
    const float along = p.uv.x + board_length * hash_unit(row, 1, 0, m.seed);
    const int board = cell(along, board_length);
    const std::uint32_t id = hash_lattice(row, board, 2, m.seed);
    const float tone = static_cast<float>(id & 255u) / 255.0f - 0.5f;
    const Vec3f light = (1 + 0.35f * tone) * m.colour_a;
    s.albedo = grain(light, m.colour_b, {along, p.uv.y}, id);
    const float gap = std::max(line(p.uv.y, width, 0.0022f, p.footprint),
                               line(along, board_length, 0.0022f, p.footprint));
    s.albedo = (1 - 0.85f * gap) * s.albedo;
    s.height = -0.0012f * gap + 0.00004f * noise({0.2f, 0.01f}, 2, 8);
    s.polish *= 1 - gap;
    return s;
}

PatternSample PatternMaker::tiles() const {
    PatternSample s = plain();
    const int i = cell(p.uv.x, m.size), j = cell(p.uv.y, m.size);
    const float tone = hash_unit(i, j, 0, m.seed) - 0.5f;
    const float cloud = noise({0.25f * m.size, 0.25f * m.size}, 4, 4);
    const float grout_width = std::clamp(0.012f * m.size, 0.002f, 0.006f);
    const float grout = std::max(line(p.uv.x, m.size, grout_width, p.footprint),
                                 line(p.uv.y, m.size, grout_width, p.footprint));
    s.albedo = mix((1 + 0.08f * tone + 0.07f * cloud) * m.colour_a, m.colour_b, grout);
    s.height = -0.0015f * grout + 0.0004f * noise({0.4f, 0.4f}, 1, 6);
    s.polish *= 1 - grout;
    return s;
}

PatternSample PatternMaker::fabric() const {
    PatternSample s = plain();
    const float size = std::max(m.size, 0.0008f), fp = p.footprint;
    const float weave = std::sin(kTwoPiF * p.uv.x / size) * std::sin(kTwoPiF * p.uv.y / size) *
                        left(0.6f * size, fp);
    const float slub = noise({0.02f, 0.002f}, 2, 1);
    const float fold = noise({0.2f, 0.2f}, 3, 5);
    s.albedo = (1 + 0.14f * weave + 0.08f * slub + 0.05f * fold) * m.colour_a;
    s.height = 0.12f * size * weave + 0.004f * fold;
    return s;
}

PatternSample PatternMaker::carpet() const {
    PatternSample s = plain();
    const float pile = noise({0.006f, 0.006f}, 2, 1), tread = noise({0.35f, 0.35f}, 3, 2);
    s.albedo = (1 + 0.32f * pile + 0.07f * tread) * m.colour_a;
    s.height = 0.0022f * pile;
    return s;
}

PatternSample PatternMaker::stripes() const {
    PatternSample s = plaster();
    const float wide = 0.5f * m.size;
    const float blur = std::max(p.footprint, 0.001f);
    const float x = std::fabs(p.uv.x - m.size * std::round(p.uv.x / m.size));
    s.albedo = mix(s.albedo, m.colour_b, smooth(0.5f * wide - blur, 0.5f * wide + blur, x));
    return s;
}

PatternSample PatternMaker::rug() const {
    PatternSample s = carpet();
    const float x = p.uv.x / m.size, y = p.uv.y / m.size;
    const float lattice = std::cos(kTwoPiF * x) + std::cos(kTwoPiF * y) +
                          0.5f * std::cos(2 * kTwoPiF * (x + y)) +
                          0.5f * std::cos(2 * kTwoPiF * (x - y));
    const float blur = 0.1f + 6 * p.footprint / m.size;
    s.albedo = mix(s.albedo, m.colour_b, smooth(0.3f - blur, 0.3f + blur, lattice));
    s.albedo = mix(s.albedo, {0.5f, 0.45f, 0.36f}, smooth(1.6f - blur, 1.6f + blur, lattice));
    s.albedo *= 1 + 0.25f * noise({0.006f, 0.004f}, 2, 3);
    return s;
}

PatternSample PatternMaker::picture() const {
    PatternSample s = plain();
    const Vec2f warp{noise({0.35f, 0.35f}, 3, 1), noise({0.35f, 0.35f}, 3, 2)};
    const Vec2f q{p.uv.x / 0.3f + 0.9f * warp.x, p.uv.y / 0.22f + 0.9f * warp.y};
    const float a = fractal_noise(q, 4, m.seed + 7, p.footprint / 0.2f);
    const Cell patch = cellular_noise({1.7f * q.x, 1.7f * q.y}, m.seed + 8);
    const float hue = static_cast<float>(patch.id & 1023u) / 1023.0f;
    const Vec3f colour =
        mix(mix(m.colour_a, m.colour_b, hue), {0.75f, 0.7f, 0.6f}, smooth(0.1f, 0.5f, a));
    s.albedo = (1 + 0.25f * noise({0.02f, 0.004f}, 2, 4)) * colour;
    return s;
}

PatternSample PatternMaker::screen() const {
    PatternSample s = plain();
    const int j = cell(p.uv.y, 0.012f);
    const float indent = 0.03f + 0.05f * hash_unit(j / 7, 3, 1, m.seed);
    const float end = indent + 0.3f * hash_unit(j, 2, 0, m.seed);
    const int glyph = cell(p.uv.x, 0.006f);
    const bool text = hash_unit(j, 4, 0, m.seed) > 0.2f && p.uv.x > indent && p.uv.x < end &&
                      hash_unit(glyph, j, 5, m.seed) > 0.2f;
    const float ink = text ? left(0.004f, p.footprint) : 0.0f;
    s.emission = mix(m.emission, 0.15f * m.emission, 0.8f * ink);
    return s;
}

PatternSample PatternMaker::metal() const {
    PatternSample s = plain();
    const float brush = noise({0.2f, 0.0015f}, 2, 1), spot = noise({0.3f, 0.3f}, 4, 2);
    s.albedo = (1 + 0.05f * brush + 0.08f * spot) * m.colour_a;
    s.height = 0.00003f * brush;
    return s;
}

} // namespace rih
