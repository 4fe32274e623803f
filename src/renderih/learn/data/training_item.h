// SPDX-License-Identifier: Apache-2.0
// What a network trains on: a square crop of a picture and both hands in the crop's own camera.
// The camera is exact after every augmentation: pixel = K x_in_cam holds for each point of the
// item.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace rih::learn {

/// Joints of a hand, in mano21 order.
inline constexpr std::size_t kJoints = 21;

/// One hand of an item; V vertices of learn/data/hand_mesh.h. Where the data lack something its
/// mask is 0 and its numbers are 0.
struct ItemHand {
    bool has_hand = false;                          ///< joints, or joints and vertices, are known
    bool has_vertices = false;                      ///< only with has_hand
    std::array<float, kJoints> joint_valid{};       ///< 0 or 1
    std::vector<float> vertices_in_cam;             ///< [V, 3] m
    std::array<float, kJoints * 3> joints_in_cam{}; ///< [21, 3] m
    std::vector<float> vertices_px;                 ///< [V, 2] continuous pixels of the crop
    std::array<float, kJoints * 2> joints_px{};     ///< [21, 2]
};

/// What a coarse pixel of an item may be, beside the parts and forearms 1 .. 34 of
/// docs/conventions.md.
inline constexpr std::int64_t kNoPart = 0;       ///< no hand
inline constexpr std::int64_t kUnknownPart = -1; ///< the data do not say
inline constexpr int kPartClasses = 35;          ///< 0 .. 34

struct TrainingItem {
    std::vector<float> image;          ///< [3, S, S] sRGB 0 .. 1, not normalised
    std::vector<std::int64_t> parts;   ///< [M, M] at the middles of coarse pixels; M may be 0
    std::vector<float> depth;          ///< [M, M] m, of the hands' pixels; else 0
    std::array<ItemHand, 2> hands;     ///< right, left
    std::array<float, 4> intrinsics{}; ///< fx, fy, cx, cy of the crop, pixels
    std::uint64_t key = 0;             ///< record number in its data set
    int source = 0;                    ///< which data set
    float mask_iou = std::numeric_limits<float>::quiet_NaN(); ///< NaN: not known
    float ita_deg = std::numeric_limits<float>::quiet_NaN();  ///< skin tone; NaN: not known
};

} // namespace rih::learn
