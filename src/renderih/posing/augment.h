// SPDX-License-Identifier: Apache-2.0
// Augmentation of a raw pose (eq. 1): R_j R_b(theta_b) R_s(theta_s) for each finger joint, the
// splay offset on finger roots only, every resulting angle inside Table 2.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/hand/anatomy.h"

namespace rih {

struct AugmentOptions {
    double bend = 90 * kDegree, splay = 30 * kDegree; ///< largest offsets, radians
    double scale = 1;                                 ///< of both; 0 leaves the pose as it is
};

/// One variant. Offsets are uniform over what is left of [-max, max] inside the joint's range; an
/// angle outside its range to begin with moves inside. In a chart whose bend is the outermost
/// rotation (hand/anatomy.h) with zero twist and splay - all joints but the roots - R_j R_b is the
/// addition of the bends; at the roots the offsets are added to the angles too, which differs from
/// the product by less than the splay's second order and keeps the twist at zero.
FingerAngles augment(const FingerAngles& angles, const AugmentOptions& options, Rng& rng);

} // namespace rih
