// SPDX-License-Identifier: Apache-2.0
// One function a pattern (place_material.h), and what they are made of.
#pragma once

#include "renderih/places/noise.h"
#include "renderih/places/place_material.h"

#include <algorithm>

namespace rih {

inline Vec3f mix(Vec3f a, Vec3f b, float t) {
    return (1 - t) * a + t * b;
}

inline float smooth(float low, float high, float x) {
    const float t = std::clamp((x - low) / (high - low), 0.0f, 1.0f);
    return t * t * (3 - 2 * t);
}

/// 1 within a line of `width` about whole numbers times `period`, blurred by the footprint.
inline float line(float x, float period, float width, float footprint) {
    const float blur = 0.5f * std::max(footprint, 0.15f * width);
    const float away = std::fabs(x - period * std::round(x / period));
    const float value = 1 - smooth(0.5f * width - blur, 0.5f * width + blur, away);
    // Lines closer than pixels: their mean.
    const float lost = smooth(0.4f * period, period, footprint);
    return value + lost * (width / period - value);
}

inline int cell(float x, float size) {
    return static_cast<int>(std::floor(x / size));
}

/// How much of detail of this size is left under the footprint.
inline float left(float size, float footprint) {
    return std::clamp(1.6f - 1.6f * footprint / size, 0.0f, 1.0f);
}

/// A pattern at one point.
struct PatternMaker {
    const PlaceMaterial& m;
    const PatternPoint& p;
    float noise(Vec2f scale, int octaves, std::uint32_t offset) const;
    float noise3(float scale, int octaves, std::uint32_t offset) const;
    PatternSample plain() const;
    PatternSample plaster() const;
    /// Grain along u: rings cut at a slant, pores as short dark streaks.
    Vec3f grain(Vec3f light, Vec3f dark, Vec2f at, std::uint32_t board) const;
    PatternSample wood() const;
    PatternSample planks() const;
    PatternSample tiles() const;
    PatternSample brick() const;
    PatternSample fabric() const;
    PatternSample carpet() const;
    PatternSample stripes() const;
    PatternSample rug() const;
    PatternSample picture() const;
    PatternSample concrete() const;
    PatternSample asphalt() const;
    PatternSample cobbles() const;
    PatternSample ground() const;
    PatternSample sand() const;
    PatternSample snow() const;
    PatternSample rock() const;
    PatternSample bark() const;
    PatternSample leaf() const;
    /// uv: one unit of colour_b.x by colour_b.y metres a window.
    PatternSample windows() const;
    PatternSample roof_tiles() const;
    PatternSample water() const;
    PatternSample screen() const;
    PatternSample metal() const;
};

} // namespace rih
