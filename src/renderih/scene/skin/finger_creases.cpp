// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin/finger_creases.h"

#include "renderih/scene/skin/texel_noise.h"

#include <algorithm>

namespace rih {

FingerCreases::FingerCreases(const SkinAtlas& atlas, const SkinTraits& traits, Rng rng)
    : seed_(rng.next_u32()) {
    const auto between = [&](double low, double high) {
        return static_cast<float>(rng.uniform(low, high));
    };
    for (int j = 0; j < kSkinJoints; ++j) {
        const auto joint = static_cast<std::size_t>(j);
        radius_[joint] = atlas.joints[joint].radius;
        std::vector<Crease>& creases = creases_[joint];
        const auto crease = [&](float along, float width, float depth) {
            creases.push_back({along + between(-0.4, 0.4),
                               width * between(0.85, 1.2),
                               depth * traits.folds * between(0.8, 1.2),
                               between(-0.6, 0.6),
                               between(-0.8, 0.8)});
        };
        const bool thumb = finger_of(j) == kThumbFinger;
        switch (j % 3) {
        case 0:
            if (!thumb) {
                crease(0.5f * atlas.joints[joint].to_next, 0.55f, 0.42f);
                if (rng.uniform() < 0.6) {
                    crease(0.5f * atlas.joints[joint].to_next + 2.6f, 0.4f, 0.2f);
                }
            }
            break;
        case 1:
            crease(-1.4f, 0.5f, 0.42f);
            crease(1.3f, 0.5f, 0.36f);
            if (rng.uniform() < 0.5) {
                crease(3.4f, 0.35f, 0.14f);
            }
            break;
        default:
            crease(-1.2f, 0.5f, 0.4f);
            if (rng.uniform() < 0.5) {
                crease(1.0f, 0.35f, 0.15f);
            }
            break;
        }
        // Fine lines beside, which come and go.
        const int minor = 3 + static_cast<int>(4 * rng.uniform());
        for (int i = 0; i < minor && j % 3 != 0; ++i) {
            crease(between(-6, 6), 0.22f, 0.05f + 0.06f * traits.age);
        }
    }
}

void FingerCreases::add(const SkinPlace& place, SkinLook& look) const {
    if (place.joint == kNoJoint || place.nail != 0) {
        return;
    }
    const float side = std::fabs(place.around); // pi: middle of the palm side
    const float share = smooth_step(0.9f, 1.9f, side) *
                        smooth_step(0.15f, 0.6f, static_cast<float>(place.palm) / 255);
    if (share <= 0) {
        return;
    }
    const float across = place.around > 0 ? 3.1415927f - place.around : -3.1415927f - place.around;
    const float half = across / 1.2f; // 1 at the side of the finger
    const float wave = 0.2f * texel_noise(place.at, 4.5f, 2, seed_);
    // What is darkest of a crease comes and goes along it.
    const float kept =
        1 - 0.5f * std::clamp(0.5f + 0.4f * texel_noise(place.at, 3, 2, seed_ ^ 0x2cu), 0.0f, 1.0f);
    float ink = 0;
    for (const Crease& crease : creases_[place.joint]) {
        const float line = crease.along + crease.tilt * half + crease.bow * half * half + wave;
        const float x = (place.along - line) / crease.width;
        if (x * x >= 6.25f / (0.4f * 0.4f)) { // bell() ends there
            continue;
        }
        // A sharp groove in a wide valley.
        const float sharp = share * bell(x), wide = share * bell(0.4f * x);
        look.fold -= crease.depth * (0.7f * sharp + 0.3f * wide);
        ink = std::max(
            ink, (0.55f * kept * sharp + 0.25f * wide) * std::min(1.0f, crease.depth / 0.35f));
    }
    look.melanin *= 1 + 1.0f * ink;
    look.haemoglobin *= 1 + 0.6f * ink;
    const float shade = 1 - 0.12f * ink;
    look.tint *= Vec3f{shade, shade, shade};
}

} // namespace rih
