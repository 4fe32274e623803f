// SPDX-License-Identifier: Apache-2.0
// The exact filter: what a released pair must hold, measured on the vertices that pose_hand gives
// for the stored numbers, nothing else.
#pragma once

#include "renderih/posing/pair_energy.h"
#include "renderih/posing/pose_pair.h"

#include <optional>
#include <string>

namespace rih {

/// An excess below this is the rounding of a round trip through axis-angle.
inline constexpr double kLimitTolerance = 1e-9; // radians

/// Fills every measure of `pair` from `pair.pose`; returns the number of intersecting triangle
/// pairs of the closed hands, forearms included. `vertices` receives the posed vertices.
std::size_t measure_pair(const PosingContext& context,
                         PosePair& pair,
                         std::array<Points, 2>* vertices = nullptr);

/// Why a measured pair may not be released; nothing when it may.
std::optional<std::string> rejection(const PosePair& pair,
                                     std::size_t intersecting_triangle_pairs,
                                     const PosingOptions& options);

/// Mean of both hands' vertices, forearms left out: the world's origin in a released pair.
Vec3 centre_of_hands(const PosingContext& context, const std::array<Points, 2>& vertices);

} // namespace rih
