// SPDX-License-Identifier: Apache-2.0
// A-MANO frames (Yang et al. 2021, "CPF"; paper 3.1): for each of the 15 finger joints the axes
// twist (x, along the bone towards the wrist), splay (y) and bend (z, positive = flexion), fixed in
// the joint's rest frame; angles (twist, splay, bend) to rotation and back, exact both ways; the
// limits of the paper's Table 2. The same numbers serve both hands.
//   R = C Rz(bend) Ry(splay) Rx(twist) C^T,  C = [x y z]
#pragma once

#include "renderih/hand/kinematics.h"

#include <array>

namespace rih {

/// Radians; joint j of mano16 is element j - 1.
struct JointAngles {
    double twist = 0, splay = 0, bend = 0;
};
using FingerAngles = std::array<JointAngles, kFingerJointCount>;
using AnatomyFrames = std::array<Mat3, kFingerJointCount>; // C of each joint

/// Frames of a shaped hand: x from the child (the tip vertex for the last joint) back to the joint,
/// z = x cross up, y = z cross x; up is (0, 1, 0), for the thumb the model's thumb_up_hint. The
/// left hand's are the right hand's mirrored (S = diag(-1, 1, 1)) and negated, such that equal
/// angles are mirror images.
AnatomyFrames anatomy_frames(const ShapedHand& hand);

Mat3 rotation_from_angles(const Mat3& frame, const JointAngles& angles);
/// The inverse: splay in [-90, 90] degrees, the others in (-180, 180].
JointAngles angles_from_rotation(const Mat3& frame, const Mat3& rotation);

/// dR / d(twist, splay, bend).
std::array<Mat3, 3> rotation_angle_derivatives(const Mat3& frame, const JointAngles& angles);

struct AngleRange {
    double low = 0, high = 0; // radians
};
struct JointLimits {
    AngleRange twist, splay, bend;
};
/// Table 2 (thumb middle [-8, 50]); twist {0} everywhere, splay {0} except at finger roots.
const std::array<JointLimits, kFingerJointCount>& table2_limits();

/// Sum over joints and axes is eq. 6; this is beta(angle): signed excess over the range, radians.
double limit_excess(double angle, const AngleRange& range);
/// Largest |excess| over all joints and axes, radians.
double max_limit_excess(const FingerAngles& angles);
FingerAngles clamp_to_limits(const FingerAngles& angles);

/// Writes/reads joints 1-15 of a pose from/to angles.
void set_finger_angles(const AnatomyFrames& frames, const FingerAngles& angles, HandPose& pose);
FingerAngles finger_angles(const AnatomyFrames& frames, const HandPose& pose);

/// Rotation of the forearm joint (16) for wrist angles in radians, the same on both hands: flexion
/// is positive when the palm comes towards the inner forearm, deviation is positive towards the
/// little finger (ulnar). A person bends the hand; in our chain the wrist joint holds the hand and
/// joint 16 turns the forearm about the wrist, relative to the hand. So it gets the inverse of the
/// hand's motion: on the right hand R = Rz(-flexion) Ry(deviation) in the hand's rest axes (x from
/// the fingers to the elbow, y out of the back of the hand, z to the thumb's side), which moves the
/// elbow to the palm's side (-y) and the little finger's side (-z). The left hand's is the mirror
/// image.
Vec3 forearm_axis_angle(Side side, double flexion, double deviation);

/// The inverse of forearm_axis_angle; `twist` (about the forearm) is zero for what it returns.
struct ForearmAngles {
    double flexion = 0, deviation = 0, twist = 0; // radians
};
ForearmAngles forearm_angles(Side side, const Vec3& axis_angle);

} // namespace rih
