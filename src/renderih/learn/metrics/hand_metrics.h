// SPDX-License-Identifier: Apache-2.0
// Errors of hands in 3D, one hand or one pair at a time: pure functions, metres in and out.
#pragma once

#include "renderih/math/types.h"

#include <span>
#include <vector>

namespace rih::learn {

/// The joint that a hand is aligned at, by its number in mano21.
enum class RootJoint { Wrist = 0, MiddleMcp = 9 };

/// |prediction - target| of each point. [N]
VecX point_errors(const Points& prediction, const Points& target);

/// `points` minus `root`.
Points relative_to(const Points& points, const Vec3& root);

/// `source` after the similarity (scale, rotation with det +1, translation) that brings it nearest
/// to `target` in least squares (Umeyama 1991). Points that are all one are only moved.
Points procrustes_aligned(const Points& source, const Points& target);

/// The factor of SMPJPE: the target's length from wrist to middle MCP over the prediction's; joints
/// in mano21 order. 1 when the prediction's is (nearly) 0.
double bone_scale(const Points& predicted_joints, const Points& target_joints);

/// A vertex of the right hand and the vertex of the left that is nearest to it.
struct ContactPair {
    int right = 0, left = 0;
    bool operator==(const ContactPair&) const = default;
};

/// Those nearer than `threshold` metres, by right vertex.
std::vector<ContactPair> contacts_of(const Points& right, const Points& left, double threshold);

/// Mean distance of the two vertices of each contact, where both hands are in one frame; NaN
/// without contacts.
double
contact_deviation(const Points& right, const Points& left, std::span<const ContactPair> contacts);

} // namespace rih::learn
