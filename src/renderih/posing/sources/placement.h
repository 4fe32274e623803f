// SPDX-License-Identifier: Apache-2.0
// Brings two posed hands together without pushing one into the other: by sliding one along a line
// until skins meet, or, where fingers pass between fingers, by a search for the place where bone
// capsules overlap least. Forearms do not count; the engine turns them later.
#pragma once

#include "renderih/hand/kinematics.h"

#include <optional>
#include <vector>

namespace rih {

/// How far the second hand must move along the unit vector `direction` so that, seen along it, no
/// place of it lies before the first hand's: the skins then touch, at about the resolution of the
/// height maps (2 mm aside). Fingers in `ignore` (mano16 order) of both hands are passed over.
/// Empty when the hands do not face each other along `direction`.
std::optional<double> slide_to_touch(const ShapedHand& first,
                                     const Points& first_vertices, // [V, 3]
                                     const ShapedHand& second,
                                     const Points& second_vertices, // [V, 3]
                                     const Vec3& direction,
                                     const std::vector<int>& ignore);

/// A bone with flesh: all points within `radius` of the segment.
struct Capsule {
    Vec3 a, b;
    double radius = 0;
};

/// 15 finger bones and four metacarpals. Radii are the medians of the skin's distance to the bone
/// on the flat hand.
std::vector<Capsule> hand_capsules(const ShapedHand& hand, const HandState& state);

/// Sum over pairs of the squared overlap depth when the second hand is moved by `shift`, m^2.
double capsule_overlap(const std::vector<Capsule>& first,
                       const std::vector<Capsule>& second,
                       const Vec3& shift);

/// The shift at which overlap, plus a small preference for no shift, is least, within +-`search`
/// along the columns of `axes`. Deterministic.
Vec3 weave_shift(const std::vector<Capsule>& first,
                 const std::vector<Capsule>& second,
                 const Mat3& axes,
                 const Vec3& search);

} // namespace rih
