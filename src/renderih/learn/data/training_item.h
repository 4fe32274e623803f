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

struct TrainingItem {
    std::vector<float> image;          ///< [3, S, S] sRGB 0 .. 1, not normalised
    std::array<ItemHand, 2> hands;     ///< right, left
    std::array<float, 4> intrinsics{}; ///< fx, fy, cx, cy of the crop, pixels
    std::uint64_t key = 0;             ///< record number in its data set
    int source = 0;                    ///< which data set
    float mask_iou = std::numeric_limits<float>::quiet_NaN(); ///< NaN: not known
    float ita_deg = std::numeric_limits<float>::quiet_NaN();  ///< skin tone; NaN: not known
};

} // namespace rih::learn
