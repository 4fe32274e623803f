// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin/friction_ridges.h"

#include "renderih/scene/skin/texel_noise.h"

namespace rih {

FrictionRidges::FrictionRidges(const SkinAtlas& atlas, const SkinTraits& traits, Rng rng)
    : period_mm_(static_cast<float>(rng.uniform(0.46, 0.56))), height_mm_(0.035f * traits.ridges),
      seed_(rng.next_u32()) {
    for (int j = 0; j < kSkinJoints; ++j) {
        radius_[static_cast<std::size_t>(j)] = atlas.joints[static_cast<std::size_t>(j)].radius;
    }
    for (int f = 0; f < kSkinFingers; ++f) {
        Core& core = cores_[static_cast<std::size_t>(f)];
        core.along = 0.48f * atlas.joints[static_cast<std::size_t>(3 * f + 2)].to_next +
                     static_cast<float>(rng.uniform(-1.5, 1.5));
        core.across = static_cast<float>(rng.uniform(-1.5, 1.5));
        core.roundness = static_cast<float>(rng.uniform(0.4, 1.2));
    }
    // Too fine for the map: they would alias into bands that no hand has.
    height_mm_ *= smooth_step(2.0f, 3.0f, period_mm_ / atlas.texel_mm());
}

void FrictionRidges::add(const SkinPlace& place, SkinLook& look) const {
    const float palm = smooth_step(0.55f, 0.8f, static_cast<float>(place.palm) / 255);
    if (palm <= 0 || place.nail != 0 || place.at.x < 8 || !(height_mm_ > 0)) {
        return;
    }
    float phase = 0;
    if (place.joint != kNoJoint && place.joint % 3 == 2) {
        const Core& core = cores_[static_cast<std::size_t>(finger_of(place.joint))];
        const float middle =
            place.around > 0 ? 3.1415927f - place.around : -3.1415927f - place.around;
        const float across = middle * radius_[place.joint] - core.across;
        const float up = place.along - core.along;
        const float rings = std::sqrt(across * across + core.roundness * up * up + 0.1f);
        const float bars = 5.5f - up + 0.03f * across * across;
        // The nearer pattern wins: rings about the core, bars below.
        const float blend = smooth_step(-2.5f, 2.5f, bars - rings);
        phase = mixed(std::max(bars, 0.0f), rings, blend);
    } else if (place.joint != kNoJoint && place.joint % 3 == 1) {
        phase = place.along;
    } else {
        const float turn = 0.9f + 0.8f * texel_noise(place.at / 35.0f, seed_ ^ 0x11u);
        phase = place.at.x * std::cos(turn) + place.at.y * std::sin(turn);
    }
    phase += 0.35f * texel_noise(place.at / 3.0f, seed_);
    look.height += palm * height_mm_ * std::cos(6.2831853f * phase / period_mm_);
}

} // namespace rih
