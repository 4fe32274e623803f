// SPDX-License-Identifier: Apache-2.0
// Masonry, paving, ground, plants, fronts, water.
#include "renderih/math/sampling.h"
#include "renderih/places/pattern_maker.h"

namespace rih {

PatternSample PatternMaker::brick() const {
    PatternSample s = plain();
    const float high = m.size, wide = 3.2f * m.size, joint = 0.011f;
    const int row = cell(p.uv.y, high);
    const float x = p.uv.x + (row % 2 != 0 ? 0.5f * wide : 0);
    const std::uint32_t id = hash_lattice(row, cell(x, wide), 1, m.seed);
    const float tone = static_cast<float>(id & 255u) / 255.0f - 0.5f;
    const float rough = noise({0.012f, 0.012f}, 3, 2);
    const float wobble = 0.002f * noise({0.03f, 0.03f}, 2, 9);
    const float mortar = std::max(line(p.uv.y + wobble, high, joint, p.footprint),
                                  line(x + wobble, wide, joint, p.footprint));
    const Vec3f face = (1 + 0.5f * tone + 0.16f * rough) * m.colour_a;
    s.albedo = mix(face, (1 + 0.1f * rough) * m.colour_b, mortar);
    s.height = -0.006f * mortar + 0.0008f * rough;
    return s;
}

PatternSample PatternMaker::concrete() const {
    PatternSample s = plain();
    const float stain = noise({1.4f, 1.4f}, 4, 1), grit = noise({0.008f, 0.008f}, 3, 2);
    const float speck = smooth(0.55f, 0.8f, noise({0.03f, 0.03f}, 1, 3));
    s.albedo = (1 + 0.16f * stain + 0.1f * grit - 0.2f * speck) * m.colour_a;
    s.height = 0.0008f * grit;
    if (m.size > 0) {
        const float joint = std::max(line(p.uv.x, m.size, 0.012f, p.footprint),
                                     line(p.uv.y, m.size, 0.012f, p.footprint));
        const float tone = hash_unit(cell(p.uv.x, m.size), cell(p.uv.y, m.size), 0, m.seed);
        s.albedo *= (1 - 0.65f * joint) * (0.94f + 0.12f * tone);
        s.height -= 0.004f * joint;
    }
    return s;
}

PatternSample PatternMaker::asphalt() const {
    PatternSample s = plain();
    const Cell stone = cellular_noise({p.uv.x / 0.009f, p.uv.y / 0.009f}, m.seed);
    const float kept = left(0.012f, p.footprint);
    const float tone = static_cast<float>(stone.id & 255u) / 255.0f - 0.5f;
    const float patch = noise({2.5f, 2.5f}, 4, 3), oil = noise({0.6f, 0.6f}, 3, 4);
    const float crack_away = std::fabs(noise({1.7f, 1.7f}, 4, 6));
    const float broken = smooth(0.1f, 0.4f, noise({7, 7}, 2, 11));
    const float crack = broken * (1 - smooth(0.002f, 0.006f + p.footprint, crack_away));
    s.albedo = (1 + kept * 0.55f * tone + 0.12f * patch + 0.08f * oil - 0.5f * crack) * m.colour_a;
    s.height = -0.002f * kept * stone.nearest - 0.003f * crack;
    return s;
}

PatternSample PatternMaker::cobbles() const {
    PatternSample s = plain();
    const Cell stone = cellular_noise({p.uv.x / m.size, p.uv.y / m.size}, m.seed);
    const float kept = left(m.size, p.footprint);
    const float gap = 1 - smooth(0.04f, 0.2f + p.footprint / m.size, stone.second - stone.nearest);
    const float tone = static_cast<float>(stone.id & 255u) / 255.0f - 0.5f;
    const float rough = noise({0.02f, 0.02f}, 3, 2);
    s.albedo = mix((1 + kept * 0.45f * tone + 0.12f * rough) * m.colour_a, m.colour_b, gap);
    s.height = kept * (-0.012f * gap - 0.012f * stone.nearest * stone.nearest) + 0.001f * rough;
    return s;
}

PatternSample PatternMaker::ground() const {
    PatternSample s = plain();
    const Vec2f at{p.position.x, p.position.z};
    const auto field = [&](float scale, int octaves, std::uint32_t offset) {
        return fractal_noise(
            Vec2f{at.x / scale, at.y / scale}, octaves, m.seed + offset, p.footprint / scale);
    };
    const float fine = field(0.02f, 3, 1), tuft = field(0.25f, 3, 2), patch = field(6, 4, 3);
    const float worn = smooth(0.15f, 0.75f, patch + 0.5f * tuft);
    const float away = length({at.x, 0, at.y});
    // Between blades of grass it is dark; far off they are part of it.
    const float shaded = 0.62f + 0.23f * smooth(14, 34, away);
    s.albedo = shaded * (1 + 0.45f * fine + 0.25f * tuft) * mix(m.colour_a, m.colour_b, worn);
    s.height = 0.006f * fine + 0.03f * tuft;
    // Far off: fields, woods and, where it is steep or high, rock.
    const float far_off = smooth(60, 260, away);
    if (far_off > 0) {
        const float wood = smooth(-0.05f, 0.12f, field(420, 5, 5));
        const float crown = field(14, 3, 6);
        const Vec3f woods = (1 + 0.55f * crown) * Vec3f{0.028f, 0.045f, 0.016f};
        const float meadow = field(160, 3, 7);
        Vec3f land = (1 + 0.3f * meadow) * mix(m.colour_a, m.colour_b, smooth(-0.4f, 0.6f, meadow));
        land = mix(land, woods, wood * m.size);
        const float steep = smooth(0.9f, 0.72f, p.normal.y + 0.05f * field(60, 3, 8));
        const float strata = field(30, 4, 9);
        land = mix(land, (1 + 0.35f * strata) * Vec3f{0.2f, 0.185f, 0.165f}, steep);
        const float snow_line = 900 + 260 * field(500, 3, 10);
        const float snow =
            smooth(snow_line, snow_line + 160, p.position.y) * smooth(0.55f, 0.75f, p.normal.y);
        land = mix(land, {0.82f, 0.84f, 0.88f}, snow);
        s.albedo = mix(s.albedo, land, far_off);
    }
    return s;
}

PatternSample PatternMaker::sand() const {
    PatternSample s = plain();
    const Vec2f at{p.position.x, p.position.z};
    const float warp =
        fractal_noise(Vec2f{at.x / 1.7f, at.y / 1.7f}, 3, m.seed, p.footprint / 1.7f);
    const float phase = at.x / 0.13f + 2.6f * warp + 0.3f * at.y;
    const float ripple = std::sin(phase) * left(0.12f, p.footprint);
    const float grit =
        fractal_noise(Vec2f{at.x / 0.004f, at.y / 0.004f}, 2, m.seed + 1, p.footprint / 0.004f);
    const float patch = fractal_noise(Vec2f{at.x / 9, at.y / 9}, 4, m.seed + 2, p.footprint / 9);
    s.albedo = (1 + 0.12f * grit + 0.08f * patch + 0.03f * ripple) * m.colour_a;
    s.height = 0.006f * ripple * (0.5f + 0.5f * smooth(-0.3f, 0.3f, patch)) + 0.0006f * grit;
    return s;
}

PatternSample PatternMaker::snow() const {
    PatternSample s = plain();
    const float drift = noise3(0.9f, 6, 1), crystal = noise3(0.006f, 2, 2);
    s.albedo = (1 + 0.02f * drift + 0.03f * crystal) * m.colour_a;
    s.height = 0.045f * drift + 0.0012f * crystal;
    return s;
}

PatternSample PatternMaker::rock() const {
    PatternSample s = plain();
    const float lump = noise3(0.3f, 5, 1);
    const float lichen = smooth(0.2f, 0.5f, noise3(0.12f, 4, 2));
    s.albedo = mix((1 + 0.35f * lump) * m.colour_a, m.colour_b, 0.6f * lichen);
    s.height = 0.02f * lump;
    return s;
}

PatternSample PatternMaker::bark() const {
    PatternSample s = plain();
    const Vec3f q{p.position.x / 0.05f, p.position.y / 0.25f, p.position.z / 0.05f};
    const float furrow = fractal_noise(q, 4, m.seed, p.footprint / 0.05f);
    s.albedo = (1 + 0.6f * furrow) * mix(m.colour_a, m.colour_b, smooth(0, 0.6f, furrow));
    s.height = 0.012f * furrow;
    return s;
}

PatternSample PatternMaker::leaf() const {
    PatternSample s = plain();
    const float tone = noise3(0.9f, 2, 1);
    const int i = cell(p.position.x, 0.09f), j = cell(p.position.y, 0.09f);
    const float single = hash_unit(i, j, cell(p.position.z, 0.09f), m.seed) - 0.5f;
    s.albedo = (1 + 0.5f * left(0.12f, p.footprint) * single) *
               mix(m.colour_a, m.colour_b, smooth(-0.5f, 0.5f, tone));
    return s;
}

PatternSample PatternMaker::windows() const {
    PatternSample s = plain();
    const float wide = m.colour_b.x, high = m.colour_b.y;
    const int i = cell(p.uv.x, wide), j = cell(p.uv.y, high);
    const float x = p.uv.x / wide - i, y = p.uv.y / high - j;
    const float room = hash_unit(i, j, 1, m.seed), shade = hash_unit(i, j, 2, m.seed);
    const float blur = 0.004f + p.footprint / wide;
    // Curtains drawn from the sides, or a blind let down, before a dim room.
    const float drawn = 0.08f + 0.35f * shade * shade;
    const float at_side = std::min(x - 0.15f, 0.85f - x);
    float cover = 1 - smooth(drawn - blur, drawn + blur, at_side / 0.7f * 2);
    if (room > 0.65f) {
        const float down = 0.15f + 0.7f * hash_unit(i, j, 3, m.seed);
        cover = smooth(1 - down - blur, 1 - down + blur, y);
    }
    const float folds = 0.75f + 0.25f * std::sin(70 * x) * left(0.09f * wide, p.footprint);
    const float tint = hash_unit(i, j, 4, m.seed);
    const Vec3f cloth = folds * mix({0.5f, 0.47f, 0.42f}, {0.42f, 0.33f, 0.25f}, tint);
    const float depth = 0.02f + 0.05f * y * hash_unit(i, j, 5, m.seed);
    s.albedo = mix(Vec3f{depth, depth, depth}, 0.55f * cloth, cover);
    if (m.emission.x > 0 && hash_unit(i, j, 6, m.seed) < 0.42f) {
        const float glow = (0.45f + 0.55f * y) * (0.35f + 0.65f * hash_unit(i, j, 7, m.seed));
        s.emission = glow * mix(m.emission, m.emission * Vec3f{1.25f, 0.9f, 0.6f}, tint) *
                     mix(Vec3f{1, 1, 1}, cloth, cover);
    } else {
        s.emission = {};
    }
    const float frame = std::max(line(x - 0.5f, 1, 0.05f, p.footprint / wide),
                                 line(y - 0.68f, 1, 0.03f, p.footprint / high));
    s.albedo = mix(s.albedo, m.colour_a, frame);
    s.emission *= 1 - frame;
    s.polish *= 1 - frame;
    s.height = 0.0006f * noise({1.6f, 1.6f}, 2, 8) + 0.01f * frame;
    return s;
}

PatternSample PatternMaker::roof_tiles() const {
    PatternSample s = plain();
    const int row = cell(p.uv.y, m.size);
    const float x = p.uv.x + (row % 2 != 0 ? 0.5f * m.size : 0);
    const float tone = hash_unit(row, cell(x, m.size), 0, m.seed) - 0.5f;
    const float within = p.uv.y / m.size - row;
    const float kept = left(m.size, p.footprint);
    const float gap = line(x, m.size, 0.05f * m.size, p.footprint);
    const float moss = smooth(0.2f, 0.6f, noise({1.2f, 1.2f}, 4, 1));
    s.albedo = mix((1 + kept * (0.5f * tone - 0.35f * within) - 0.3f * gap) * m.colour_a,
                   m.colour_b,
                   0.5f * moss);
    s.height = kept * (-0.02f * within - 0.01f * gap);
    return s;
}

PatternSample PatternMaker::water() const {
    PatternSample s = plain();
    const Vec2f at{p.position.x, p.position.z};
    const auto wave = [&](float scale, float stretch, std::uint32_t offset) {
        return scale * fractal_noise(Vec2f{at.x / scale, at.y / (scale * stretch)},
                                     2,
                                     m.seed + offset,
                                     p.footprint / scale);
    };
    s.height = 0.05f * (wave(1.9f, 1.6f, 1) + wave(0.45f, 1.3f, 2) + 0.7f * wave(0.12f, 1.2f, 3));
    return s;
}

} // namespace rih
