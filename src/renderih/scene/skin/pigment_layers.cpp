// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin/pigment_layers.h"

#include "renderih/scene/skin/texel_noise.h"

namespace rih {
namespace {

float limited(float deviation) {
    return std::clamp(deviation, -2.5f, 2.5f);
}

float square_distance(Vec3f a, Vec3f b) {
    const Vec3f d = a - b;
    return dot(d, d);
}

} // namespace

PigmentLayers::PigmentLayers(const SkinAtlas& atlas,
                             const SkinTraits& traits,
                             const PigmentOptions& options,
                             Rng rng)
    : traits_(traits), options_(options), tips_(atlas.tips),
      freckles_{2.4f, 0.55f * traits.freckles, 0.8f, 1.9f, rng.next_u32()},
      age_spots_{10, 0.45f * std::min(1.0f, traits.age_spots), 3.0f, 0.9f, rng.next_u32()},
      moles_{34, 0.35f * traits.moles, 1.0f, 5, rng.next_u32()}, seed_(rng.next_u32()) {}

/// How far inside a spot: cells of `cell_mm` hold one each, by chance; 0 outside .. 1.
float PigmentLayers::spot(const Spots& spots, Vec3f at, float ragged) {
    if (!(spots.chance > 0)) {
        return 0;
    }
    const Vec3f place = at / spots.cell_mm;
    // A spot reaches less than half a cell: of each axis only the two nearest cells matter.
    const int x0 = static_cast<int>(std::floor(place.x - 0.5f)),
              y0 = static_cast<int>(std::floor(place.y - 0.5f)),
              z0 = static_cast<int>(std::floor(place.z - 0.5f));
    // Most cells are empty: that is found out for all of them in one vector.
    std::uint32_t hashes[8];
    float chance[8];
    for (int k = 0; k < 8; ++k) {
        hashes[k] = hash_cell(x0 + (k & 1), y0 + ((k >> 1) & 1), z0 + (k >> 2), spots.seed);
        chance[k] = unit_of_hash(hashes[k], 0);
    }
    float inside = 0;
    for (int k = 0; k < 8; ++k) {
        if (chance[k] >= spots.chance) {
            continue;
        }
        const int x = x0 + (k & 1), y = y0 + ((k >> 1) & 1), z = z0 + (k >> 2);
        const std::uint32_t hash = hashes[k];
        const auto centre = [&](int cell, std::uint32_t which) {
            return static_cast<float>(cell) + 0.3f + 0.4f * unit_of_hash(hash, which);
        };
        const Vec3f middle{centre(x, 1), centre(y, 2), centre(z, 3)};
        const float size = unit_of_hash(hash, 4);
        const float radius = spots.radius_mm * (0.35f + 0.9f * size * size);
        const float distance = spots.cell_mm * std::sqrt(square_distance(place, middle));
        const float depth = 0.4f + 0.6f * unit_of_hash(hash, 5);
        inside =
            std::max(inside, depth * smooth_step(1.15f, 0.7f, distance / radius + 0.18f * ragged));
    }
    return inside;
}

void PigmentLayers::add(const SkinPlace& place, SkinLook& look) const {
    const float palm = static_cast<float>(place.palm) / 255;
    const Vec3f at = place.at;
    // The edge between palm and back runs unevenly along the sides of hand and fingers.
    const bool near_border = palm > 0.15f && palm < 0.85f; // elsewhere noise would change nothing
    const float border = near_border ? palm + 0.10f * texel_noise(at / 7.0f, seed_ ^ 0xedu) : palm;
    const float volar = smooth_step(0.25f, 0.75f, border);
    // The forearm's inner side is lighter than its outer, far less so than the palm.
    const float palmar = volar * mixed(0.22f, 1, smooth_step(-6, 16, at.x));

    // Blood lies unevenly over centimetres; within, blotches show here and there. They are bent,
    // since noise on a lattice is of one size and square.
    const float broad = limited(texel_noise(at, 26, 1, seed_ ^ 0x6du));
    const float bend = texel_noise(at / 9.0f, seed_ ^ 0x31u);
    const Vec3f bent = at + Vec3f{5 * bend, -3.5f * bend, 0};
    const float blotch = limited(texel_noise(bent, 9.5f - 4 * palmar, 2, seed_ ^ 0x70u));
    const float grain = limited(texel_noise(at, 1.1f, 1, seed_ ^ 0x67u));
    const float here = smooth_step(-1.2f, 1.6f, broad); // where blotches are
    look.melanin *= mixed(1, traits_.palm_melanin, palmar) *
                    std::exp(mixed(0.6f, 1, options_.light) * (0.03f * broad + 0.025f * blotch) +
                             0.025f * grain);
    look.haemoglobin *=
        mixed(1, 1.25f, palmar) *
        std::exp(traits_.mottling *
                 (0.08f * broad + (0.05f + 0.09f * palmar) * here * blotch + 0.05f * grain));

    if (place.joint != kNoJoint) {
        const float red = traits_.redness * (1 - 0.6f * palm);
        const float knuckle = bell(place.along / (place.joint % 3 == 0 ? 9.0f : 7.0f));
        look.haemoglobin *= 1 + 0.42f * red * knuckle;
        float tip = 0;
        if (place.joint % 3 == 2 && place.nail == 0) {
            const Vec3f end = tips_[static_cast<std::size_t>(finger_of(place.joint))];
            tip = std::exp(-square_distance(at, end) / (2 * 9 * 9));
        }
        look.haemoglobin *= 1 + 0.5f * traits_.redness * tip;
    }
    if (options_.tan > 0) {
        const float edge = options_.tan_edge + 2.5f * texel_noise(at / 18.0f, seed_ ^ 0x7au);
        const float covered = smooth_step(edge + 5, edge - 5, at.x) * (1 - 0.6f * volar);
        look.melanin *= 1 - options_.tan * covered;
    }
    const float back = 1 - palmar;
    if (back > 0.05f && place.nail == 0) {
        const float light = options_.light;
        look.melanin *=
            1 + back * (freckles_.melanin * light * spot(freckles_, at, grain) +
                        age_spots_.melanin * (0.4f + 0.6f * light) * spot(age_spots_, at, blotch));
        const float mole = spot(moles_, at, 0.3f * grain);
        look.melanin *= 1 + moles_.melanin * back * mole;
        look.height += 0.25f * back * mole;
    }
    look.roughness += 0.05f * palmar + 0.02f * grain;
}

} // namespace rih
