// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin/skin_traits.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"

#include <fmt/format.h>

#include <algorithm>

namespace rih {

SkinTraits traits_of_texture(int number) {
    RIH_ASSERT(number >= 0 && number < kSkinTextures, "base texture {}", number);
    Rng rng(0, static_cast<std::uint64_t>(number), "skin texture");
    const auto between = [&](double low, double high) {
        return static_cast<float>(rng.uniform(low, high));
    };
    const auto some = [&](double chance, double low, double high) {
        const bool has = rng.uniform() < chance;
        const float value = between(low, high);
        return has ? value : 0.0f;
    };
    SkinTraits t;
    t.seed = rng.next_u32();
    t.age = between(0, 1);
    // The young are many among those who are photographed; the old show most.
    t.age *= t.age;
    t.relief = between(0.7, 1.2) * (1 + 0.5f * t.age);
    t.folds = between(0.7, 1.2) * (1 + 0.4f * t.age);
    t.lines = between(0.7, 1.3);
    t.minor_lines = between(0.1, 1);
    t.ridges = between(0.6, 1.2) * (1 - 0.4f * t.age);
    t.veins = std::min(1.0f, between(0, 0.5) * between(0.3, 1) + 0.6f * t.age);
    t.tendons = std::min(1.0f, between(0.05, 0.6) + 0.4f * t.age);
    t.mottling = between(0.6, 1.5);
    t.redness = between(0.5, 1.5);
    t.knuckle_melanin = between(1.1, 1.7);
    t.palm_melanin = between(0.18, 0.4);
    t.freckles = some(0.25, 0.2, 1) * (1 - t.age);
    t.age_spots = std::max(0.0f, t.age - 0.35f) * between(0.3, 1.5);
    t.moles = some(0.5, 0.2, 1);
    t.hair = some(0.6, 0.05, 1);
    t.hair_light = between(0, 1);
    t.hair_grey = 0.5f * std::clamp(2 * t.age - 1, 0.0f, 1.0f);
    t.lunula = between(0.0, 1);
    t.free_edge = between(0.03, 0.2);
    t.nail_ridges = between(0.1, 0.5) + 0.5f * t.age;
    return t;
}

std::string name_of_texture(int number) {
    return fmt::format("skin_{:02}", number);
}

} // namespace rih
