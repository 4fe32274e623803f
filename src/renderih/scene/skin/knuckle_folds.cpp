// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin/knuckle_folds.h"

#include "renderih/scene/skin/texel_noise.h"

namespace rih {

KnuckleFolds::KnuckleFolds(const SkinAtlas& atlas, const SkinTraits& traits, Rng rng)
    : melanin_(traits.knuckle_melanin), seed_(rng.next_u32()) {
    for (int j = 0; j < kSkinJoints; ++j) {
        const auto joint = static_cast<std::size_t>(j);
        radius_[joint] = atlas.joints[joint].radius;
        const float size = atlas.joints[joint].radius / 9;
        Knuckle& knuckle = knuckles_[joint];
        const auto between = [&](double low, double high) {
            return static_cast<float>(rng.uniform(low, high));
        };
        knuckle.phase = between(0, 1);
        const bool thumb = finger_of(j) == kThumbFinger;
        const int segment = j % 3;
        if (segment == 0) { // MCP; the thumb's CMC has none
            knuckle = {0, 7 * size, 7 * size, 1.0f, thumb ? 0.0f : 0.08f, 0.1f, knuckle.phase};
        } else if (segment == 1 && !thumb) {
            knuckle = {between(-1, 0.5),
                       6.3f * size * between(0.9, 1.15),
                       8.5f * size,
                       1.45f * between(0.85, 1.2),
                       0.36f,
                       between(0.06, 0.22),
                       knuckle.phase};
        } else if (segment == 2 && !thumb) {
            knuckle = {between(-1, 0),
                       2.9f * size,
                       9.5f * size,
                       1.25f * between(0.85, 1.15),
                       0.28f,
                       0.03f,
                       knuckle.phase};
        } else if (segment == 2) { // thumb IP
            knuckle = {between(-1, 0), 4.5f * size, 6.5f * size, 1.5f, 0.26f, 0.2f, knuckle.phase};
        } else { // thumb MCP
            knuckle = {0, 5 * size, 6.5f * size, 1.2f, 0.10f, 0.15f, knuckle.phase};
        }
        knuckle.depth *= traits.folds;
    }
}

void KnuckleFolds::add(const SkinPlace& place, SkinLook& look) const {
    if (place.joint == kNoJoint || place.nail != 0) {
        return;
    }
    const Knuckle& knuckle = knuckles_[place.joint];
    const float s = place.along - knuckle.centre;
    const float across = place.around * radius_[place.joint];
    const float back = smooth_step(1.75f, 1.0f, std::fabs(place.around));
    const float rise = s / knuckle.length, side = across / knuckle.width;
    const float square = rise * rise + side * side;
    if (back <= 0 || square > 6) {
        return;
    }
    const float envelope = back * std::exp(-square);
    if (place.joint % 3 != 0) {
        look.melanin *= mixed(1, melanin_, std::min(1.0f, 1.15f * envelope));
    }
    if (knuckle.depth <= 0) {
        return;
    }
    // Lines are level curves of an oval's distance, bent by noise and broken where noise says so.
    const float bend = texel_noise(place.at, 3.2f, 2, seed_);
    const float oval = std::sqrt(s * s + knuckle.roundness * across * across);
    const float signed_oval = s < 0 ? -oval : oval;
    // The same on both sides of the joint's middle, where an oval's two halves meet.
    const float level = mixed(s, signed_oval, smooth_step(0.3f, 2.0f, std::fabs(s)));
    const float turn = 6.2831853f * ((level + 0.38f * bend) / knuckle.spacing + knuckle.phase);
    const float crest = 0.5f + 0.5f * std::cos(turn);
    const float groove = crest * crest * crest;
    const float broken = smooth_step(-2.0f, 0.0f, texel_noise(place.at, 3.4f, 1, seed_ ^ 0xb0u));
    const float strength = envelope * broken;
    // The folds stand out of the skin between; grooves are sharp.
    look.fold += knuckle.depth * (0.35f * envelope - strength * groove);
    const float shade = 1 - 0.22f * strength * groove * std::min(1.0f, knuckle.depth / 0.2f);
    look.tint *= Vec3f{shade, shade, shade};
}

} // namespace rih
