// SPDX-License-Identifier: Apache-2.0
// When a keypoint counts as visible. Joints lie inside the flesh, so the line of sight may end
// within it: a keypoint is visible when it lies in the picture and the segment from the camera to
// it, shortened at the far end by the flesh over it, meets no surface. What is worn covers flesh:
// it hides the keypoint however near to it.
#pragma once

#include "renderih/dataset/record.h"
#include "renderih/math/types.h"

#include <functional>

namespace rih {

/// How much of the line of sight's end may run through flesh, per keypoint, m: 1.5 times the
/// distance from the keypoint to the nearest vertex of the posed hand, plus 2 mm.
std::array<double, 21> flesh_over_keypoints(const Points& vertices, const Points& keypoints);

struct KeypointVisibility {
    std::array<bool, 21> visible{};
    std::array<OccludedBy, 21> occluded_by{};
};

/// `first_hit(from, to, margin)` gives the mesh id (0 right, 1 left hand, above: a thing) whose
/// surface the segment, less `margin` at its end, meets first, or -1.
KeypointVisibility
keypoint_visibility(const Camera& camera,
                    int hand,
                    const Points& vertices,  // [V, 3] of this hand, world
                    const Points& keypoints, // [21, 3] world
                    const std::function<int(const Vec3&, const Vec3&, double)>& first_hit);

} // namespace rih
