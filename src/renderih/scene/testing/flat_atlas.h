// SPDX-License-Identifier: Apache-2.0
// A hand rolled flat, for tests: palm on the left half of the map, back on the right, one texel a
// millimetre, joints as on a real hand.
#pragma once

#include "renderih/scene/skin/skin_atlas.h"

namespace rih::testing {

inline constexpr int kFlatSide = 128;

inline SkinAtlas make_flat_atlas() {
    SkinAtlas atlas;
    atlas.width = atlas.height = kFlatSide;
    atlas.metres_per_uv = 1e-3 * kFlatSide;
    constexpr float kJoints[kSkinJoints][2] = {{95, 24},
                                               {131, 27},
                                               {154, 29},
                                               {91, 0},
                                               {136, 0},
                                               {166, 0},
                                               {79, -34},
                                               {109, -42},
                                               {124, -46},
                                               {86, -17},
                                               {130, -22},
                                               {156, -24},
                                               {21, 31},
                                               {59, 57},
                                               {81, 73}};
    for (std::size_t j = 0; j < kSkinJoints; ++j) {
        atlas.joints[j] = {{kJoints[j][0], kJoints[j][1], 0}, 8.5f, 24};
    }
    for (std::size_t f = 0; f < kSkinFingers; ++f) {
        atlas.tips[f] = atlas.joints[3 * f + 2].at + Vec3f{24, 0, 0};
    }
    for (int row = 0; row < kFlatSide; ++row) {
        for (int column = 0; column < kFlatSide; ++column) {
            const bool palm = column < kFlatSide / 2;
            SkinPlace place;
            place.at = {static_cast<float>(112 - row),
                        static_cast<float>((palm ? 31 - column : column - 96)),
                        palm ? -12.0f : 12.0f};
            place.palm = palm ? 255 : 0;
            atlas.place_of.push_back(static_cast<std::int32_t>(atlas.places.size()));
            atlas.places.push_back(place);
        }
    }
    return atlas;
}

/// A place on a finger's joint: `around` 0 is its back, pi its palm side.
inline SkinPlace on_joint(int joint, float along, float around) {
    SkinPlace place;
    const bool palm = around > 1.6f || around < -1.6f;
    place.at = {130 + along, 10 * around, palm ? -8.0f : 8.0f};
    place.along = along;
    place.around = around;
    place.joint = static_cast<std::uint8_t>(joint);
    place.palm = palm ? 255 : 0;
    return place;
}

} // namespace rih::testing
