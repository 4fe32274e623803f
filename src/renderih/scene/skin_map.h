// SPDX-License-Identifier: Apache-2.0
// Skin over a hand: per vertex albedo and roughness from one tone, the regions of the hand, and
// noise. Pigments vary, never the colour itself, so that every shade is one that skin can have.
#pragma once

#include "renderih/math/types.h"
#include "renderih/math/vec.h"
#include "renderih/scene/skin_tone.h"

#include <cstdint>
#include <span>
#include <vector>

namespace rih {

/// The hand in its rest pose, as plain arrays; V vertices of the mesh that is rendered.
struct SkinRegions {
    Points rest_vertices;         // [V, 3] m
    std::span<const double> palm; // [V] 0 back of the hand .. 1 palm side
    std::span<const double> nail; // [V] 0 skin .. 1 nail plate; may be empty
    Points knuckles;              // [K, 3] m, rest: the finger joints (MCP, PIP, DIP); may be
                                  // empty
    Points fingertips;            // [F, 3] m, rest; may be empty
};

struct SkinAttributes {
    std::vector<Vec3f> albedo;    // [V] linear Rec.709
    std::vector<float> roughness; // [V]
};

/// Throws InternalError when the arrays disagree in length. The same seed gives the same skin.
SkinAttributes
skin_attributes(const SkinRegions& regions, const SkinTone& tone, std::uint64_t noise_seed);

} // namespace rih
