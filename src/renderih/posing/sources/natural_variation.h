// SPDX-License-Identifier: Apache-2.0
// How a hand shape varies as hands do: not joint by joint, but with fingers and joints coupled.
// Published facts that the model takes up, in numbers of our own:
// - a few common patterns explain most of a hand's posture (Santello, Flanders, Soechting 1998,
//   "Postural hand synergies for tool use"): one drive a finger, correlated over the fingers;
// - a finger that bends takes its neighbours along, most so ring and little finger, least so thumb
//   and index finger (Hager-Ross and Schieber 2000, "Quantifying the independence of human finger
//   movements"; Zatsiorsky, Li, Latash 2000, "Enslaving effects in multi-finger force production");
// - the end joint follows the middle one by about 2/3 (Rijpkema and Girard 1991, "Computer
//   animation of knowledge-based human grasping"), with some slack of its own;
// - bent finger roots cannot spread: their ligaments are taut.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/hand/anatomy.h"

#include <array>

namespace rih {

/// How a shape may vary without becoming another one; elements are fingers in mano16 order.
struct ShapeFreedom {
    static constexpr double kUsual = 10 * kDegree;
    /// Largest change of the finger's bends, radians; two standard deviations.
    std::array<double, 5> loose{kUsual, kUsual, kUsual, kUsual, kUsual};
    /// Fingers with the same number move as one, since they touch.
    std::array<int, 5> group{0, 1, 2, 3, 4};
};

/// Correlation of the fingers' drives, mano16 order (index, middle, little, ring, thumb).
const Eigen::Matrix<double, 5, 5>& finger_correlations();

/// Part of its spread that a finger root keeps at `bend` radians: 1 straight, 0.2 at 70 degrees.
double splay_freedom(double bend);

/// A natural variation of a shape, within Table 2: every bend within scale * loose of the shape's.
/// A shape's spread closes as its roots bend, and neighbours that are bent alike never come closer
/// side by side than straight fingers that touch (or than the shape has them).
FingerAngles
vary_naturally(const FingerAngles& angles, const ShapeFreedom& freedom, double scale, Rng& rng);
FingerAngles vary_naturally(const FingerAngles& angles, double scale, Rng& rng);

} // namespace rih
