// SPDX-License-Identifier: Apache-2.0
// The one place that names joints, parts and their orders, and converts between orders.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace rih {

enum class Side : int { Right = 0, Left = 1 };
inline constexpr std::array<Side, 2> kSides{Side::Right, Side::Left};
constexpr int index_of(Side side) {
    return static_cast<int>(side);
}
constexpr std::string_view name_of(Side side) {
    return side == Side::Right ? "right" : "left";
}

/// mano16: wrist, then three joints for each of index, middle, pinky, ring, thumb.
inline constexpr int kJointCount = 16;
/// Joint 16, child of the wrist, turns the forearm.
inline constexpr int kForearmJoint = 16;
inline constexpr int kJointCountWithForearm = 17;
inline constexpr int kFingerJointCount = 15;
inline constexpr int kTipCount = 5;
inline constexpr int kKeypointCount = 21;

inline constexpr std::array<int, kJointCountWithForearm> kParents{
    -1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11, 0, 13, 14, 0};

inline constexpr std::array<std::string_view, kJointCountWithForearm> kJointNames{"wrist",
                                                                                  "index1",
                                                                                  "index2",
                                                                                  "index3",
                                                                                  "middle1",
                                                                                  "middle2",
                                                                                  "middle3",
                                                                                  "pinky1",
                                                                                  "pinky2",
                                                                                  "pinky3",
                                                                                  "ring1",
                                                                                  "ring2",
                                                                                  "ring3",
                                                                                  "thumb1",
                                                                                  "thumb2",
                                                                                  "thumb3",
                                                                                  "forearm"};

/// Fingers in mano16's own order: 0 index, 1 middle, 2 pinky, 3 ring, 4 thumb.
constexpr int finger_of_joint(int mano16_joint) {
    return (mano16_joint - 1) / 3;
}
/// 0 root (MCP; thumb CMC), 1 middle (PIP; thumb MCP), 2 end (DIP; thumb IP).
constexpr int segment_of_joint(int mano16_joint) {
    return (mano16_joint - 1) % 3;
}
constexpr bool is_finger_root(int mano16_joint) {
    return segment_of_joint(mano16_joint) == 0;
}

/// tip_vertices are in the order thumb, index, middle, ring, pinky; this is the tip of each mano16
/// finger.
inline constexpr std::array<int, 5> kTipOfFinger{1, 2, 4, 3, 0};

/// mano21 takes joint or tip: values below 16 are mano16 joints, 16 + i is tip i.
inline constexpr std::array<int, kKeypointCount> kMano21Source{
    0, 13, 14, 15, 16, 1, 2, 3, 17, 4, 5, 6, 18, 10, 11, 12, 19, 7, 8, 9, 20};

/// mano21 index of each of InterHand2.6M's 21 (tip first in each finger, wrist last).
inline constexpr std::array<int, kKeypointCount> kMano21OfInterHand21{
    4, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9, 16, 15, 14, 13, 20, 19, 18, 17, 0};

/// Parts of design.md 2: right hand 1-16, left 17-32 (pinky end, middle, root; ring; middle; index;
/// thumb; palm), 33 right forearm, 34 left forearm, 0 background.
inline constexpr int kPartsPerHand = 16;
inline constexpr std::uint8_t kBackground = 0;
constexpr std::uint8_t forearm_part(Side side) {
    return side == Side::Right ? 33 : 34;
}
constexpr std::uint8_t first_part(Side side) {
    return side == Side::Right ? 1 : 17;
}

/// The part (0 .. 15 within a hand) that each mano16 joint moves.
inline constexpr std::array<int, kJointCount> kPartOfJoint{
    15, 11, 10, 9, 8, 7, 6, 2, 1, 0, 5, 4, 3, 14, 13, 12};
/// And back: the joint of each part.
inline constexpr std::array<int, kPartsPerHand> kJointOfPart{
    9, 8, 7, 12, 11, 10, 6, 5, 4, 3, 2, 1, 15, 14, 13, 0};

} // namespace rih
