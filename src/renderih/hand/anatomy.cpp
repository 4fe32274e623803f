// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/anatomy.h"

#include "renderih/math/rotation.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

/// Derivative of rotation_about(axis, angle) by its angle.
Mat3 rotation_about_derivative(int axis, double angle) {
    return cross_matrix(Vec3::Unit(axis)) * rotation_about(axis, angle);
}

constexpr AngleRange degrees(double low, double high) {
    return {low * kDegree, high * kDegree};
}

/// The paper's Table 2, one finger's root (bend, splay), middle (bend) and end (bend).
std::array<JointLimits, 3>
finger_limits(AngleRange root_bend, AngleRange root_splay, AngleRange middle, AngleRange end) {
    const AngleRange zero;
    return {JointLimits{zero, root_splay, root_bend},
            JointLimits{zero, zero, middle},
            JointLimits{zero, zero, end}};
}

std::array<JointLimits, kFingerJointCount> make_table2() {
    const std::array<std::array<JointLimits, 3>, 5> fingers{
        finger_limits(degrees(-25, 70), degrees(-25, 15), degrees(-4, 110), degrees(-8, 90)),
        finger_limits(degrees(-25, 80), degrees(-15, 15), degrees(-7, 100), degrees(-8, 90)),
        finger_limits(degrees(-22, 70), degrees(-20, 30), degrees(-8, 90), degrees(-8, 90)),
        finger_limits(degrees(-25, 70), degrees(-25, 15), degrees(-10, 100), degrees(-8, 90)),
        finger_limits(degrees(-20, 40), degrees(-30, 30), degrees(-8, 50), degrees(-10, 100)),
    }; // index, middle, pinky, ring, thumb
    std::array<JointLimits, kFingerJointCount> limits;
    for (int j = 1; j < kJointCount; ++j) {
        limits[j - 1] = fingers[finger_of_joint(j)][segment_of_joint(j)];
    }
    return limits;
}

} // namespace

AnatomyFrames anatomy_frames(const ShapedHand& hand) {
    // The right hand's frame is C = [x y z] with x from the child back to the joint. The left
    // hand's rotation is R' = S R S (S = diag(-1, 1, 1)) and S C is no rotation, but C' = -S C is,
    // and C' A C'^T = S C A C^T S for every A: the same angles, the mirrored rotation. So on a left
    // hand the bone and the hint, which are mirrored already, change sign.
    const double sign = hand.model->side == Side::Right ? 1.0 : -1.0;
    AnatomyFrames frames;
    for (int j = 1; j < kJointCount; ++j) {
        const int finger = finger_of_joint(j);
        const Vec3 joint = hand.rest_joints.row(j).transpose();
        const Vec3 child =
            segment_of_joint(j) < 2
                ? Vec3(hand.rest_joints.row(j + 1).transpose())
                : Vec3(hand.rest_vertices.row(hand.model->tip_vertices[kTipOfFinger[finger]])
                           .transpose());
        constexpr int kThumb = 4;
        const Vec3 up = finger == kThumb ? hand.model->thumb_up_hint : Vec3(0, 1, 0);
        const Vec3 x = sign * (joint - child).normalized();
        const Vec3 z = x.cross(sign * up).normalized();
        const Vec3 y = z.cross(x).normalized();
        frames[j - 1] << x, y, z;
    }
    return frames;
}

Mat3 rotation_from_angles(const Mat3& frame, const JointAngles& angles) {
    return frame * rotation_about(2, angles.bend) * rotation_about(1, angles.splay) *
           rotation_about(0, angles.twist) * frame.transpose();
}

JointAngles angles_from_rotation(const Mat3& frame, const Mat3& rotation) {
    // Rz(b) Ry(s) Rx(t): first column (cos b cos s, sin b cos s, -sin s), last row
    // (-sin s, cos s sin t, cos s cos t).
    const Mat3 a = frame.transpose() * rotation * frame;
    const double cos_splay = std::hypot(a(0, 0), a(1, 0));
    JointAngles angles;
    angles.splay = std::atan2(-a(2, 0), cos_splay);
    if (cos_splay > 1e-9) {
        angles.bend = std::atan2(a(1, 0), a(0, 0));
        angles.twist = std::atan2(a(2, 1), a(2, 2));
    } else { // at +-90 degrees bend and twist turn about the same axis; all of it counts as bend
        angles.bend = std::atan2(-a(0, 1), a(1, 1));
    }
    return angles;
}

std::array<Mat3, 3> rotation_angle_derivatives(const Mat3& frame, const JointAngles& angles) {
    const Mat3 bend = rotation_about(2, angles.bend), splay = rotation_about(1, angles.splay),
               twist = rotation_about(0, angles.twist);
    return {
        frame * bend * splay * rotation_about_derivative(0, angles.twist) * frame.transpose(),
        frame * bend * rotation_about_derivative(1, angles.splay) * twist * frame.transpose(),
        frame * rotation_about_derivative(2, angles.bend) * splay * twist * frame.transpose(),
    };
}

const std::array<JointLimits, kFingerJointCount>& table2_limits() {
    static const std::array<JointLimits, kFingerJointCount> limits = make_table2();
    return limits;
}

double limit_excess(double angle, const AngleRange& range) {
    return std::max(angle - range.high, 0.0) + std::min(angle - range.low, 0.0);
}

double max_limit_excess(const FingerAngles& angles) {
    double largest = 0;
    for (int j = 0; j < kFingerJointCount; ++j) {
        const JointLimits& limits = table2_limits()[j];
        largest = std::max({largest,
                            std::abs(limit_excess(angles[j].twist, limits.twist)),
                            std::abs(limit_excess(angles[j].splay, limits.splay)),
                            std::abs(limit_excess(angles[j].bend, limits.bend))});
    }
    return largest;
}

FingerAngles clamp_to_limits(const FingerAngles& angles) {
    const auto clamp = [](double angle, const AngleRange& range) {
        return std::clamp(angle, range.low, range.high);
    };
    FingerAngles clamped;
    for (int j = 0; j < kFingerJointCount; ++j) {
        const JointLimits& limits = table2_limits()[j];
        clamped[j] = {clamp(angles[j].twist, limits.twist),
                      clamp(angles[j].splay, limits.splay),
                      clamp(angles[j].bend, limits.bend)};
    }
    return clamped;
}

void set_finger_angles(const AnatomyFrames& frames, const FingerAngles& angles, HandPose& pose) {
    for (int j = 0; j < kFingerJointCount; ++j) {
        pose.axis_angle[j + 1] =
            axis_angle_from_rotation(rotation_from_angles(frames[j], angles[j]));
    }
}

FingerAngles finger_angles(const AnatomyFrames& frames, const HandPose& pose) {
    FingerAngles angles;
    for (int j = 0; j < kFingerJointCount; ++j) {
        angles[j] =
            angles_from_rotation(frames[j], rotation_from_axis_angle(pose.axis_angle[j + 1]));
    }
    return angles;
}

Vec3 forearm_axis_angle(Side side, double flexion, double deviation) {
    const Vec3 right =
        axis_angle_from_rotation(rotation_about(2, -flexion) * rotation_about(1, deviation));
    return side == Side::Right ? right : mirror_rotation(right);
}

ForearmAngles forearm_angles(Side side, const Vec3& axis_angle) {
    const Vec3 right = side == Side::Right ? axis_angle : mirror_rotation(axis_angle);
    const JointAngles angles =
        angles_from_rotation(Mat3::Identity(), rotation_from_axis_angle(right));
    return {-angles.bend, angles.splay, angles.twist};
}

} // namespace rih
