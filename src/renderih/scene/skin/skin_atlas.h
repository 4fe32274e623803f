// SPDX-License-Identifier: Apache-2.0
// Where on the hand each texel of the skin's maps lies, as plain numbers: the layers of skin know
// no meshes. Both hands use one atlas, in the coordinates of the right one. Lengths in millimetres,
// since skin is told in them.
#pragma once

#include "renderih/math/vec.h"

#include <array>
#include <cstdint>
#include <vector>

namespace rih {

inline constexpr int kSkinJoints = 15; ///< three a finger: MCP, PIP, DIP; CMC, MCP, IP
inline constexpr int kSkinFingers = 5; ///< index, middle, little, ring, thumb
inline constexpr int kThumbFinger = 4;
inline constexpr std::uint8_t kNoJoint = 255;

/// One texel that lies on a face.
struct SkinPlace {
    Vec3f at; ///< mm from the wrist: x to the fingertips, y to the thumb's side, z out of the back
    /// On a finger or beside its root: mm from the nearest joint towards the tip, along the finger,
    /// and radians about it, 0 in the middle of the back, positive to the thumb's side. On a nail:
    /// 0 at its root .. 1 at its tip, and -1 .. 1 across it.
    float along = 0, around = 0;
    std::uint8_t palm = 0;         ///< 0 back .. 255 palm side
    std::uint8_t joint = kNoJoint; ///< the nearest; none on the back, the palm and the forearm
    std::uint8_t nail = 0;         ///< 0: skin; else finger + 1
    std::uint8_t padding = 0;
};

struct SkinJoint {
    Vec3f at;           ///< mm
    float radius = 8;   ///< mm of the finger here
    float to_next = 20; ///< mm to the next joint or the tip
};

struct SkinAtlas {
    int width = 0, height = 0;          ///< texels
    double metres_per_uv = 0;           ///< as SurfaceMaps
    std::vector<std::int32_t> place_of; ///< [height, width] index into `places`, -1 beside faces
    std::vector<SkinPlace> places;      ///< row by row
    std::array<SkinJoint, kSkinJoints> joints;
    std::array<Vec3f, kSkinFingers> tips; ///< mm

    float texel_mm() const { return static_cast<float>(1e3 * metres_per_uv / height); }
};

constexpr int finger_of(int skin_joint) {
    return skin_joint / 3;
}

} // namespace rih
