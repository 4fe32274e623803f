// SPDX-License-Identifier: Apache-2.0
// The joint chain of eight hands at once: angles to the transforms that skinning needs, and
// gradients by those transforms back to the angles. The same formulas as hand/kinematics.h and
// hand/anatomy.h, which are the exact twins.
#pragma once

#include "renderih/hand/anatomy.h"
#include "renderih/posing/batch/lanes.h"

namespace rih {

/// For one hand: x_in_world = rotation x_rest + offset, row by row.
struct BoneTransform {
    std::array<float, 9> rotation;
    std::array<float, 3> offset;
};
using BoneTransforms = std::array<BoneTransform, kJointCountWithForearm>;
/// R of each finger joint, row by row.
using LocalRotations = std::array<std::array<float, 9>, kFingerJointCount>;

struct HandVariables {
    std::array<Lanes, 3 * kFingerJointCount> angles; // twist, splay, bend of joints 1 .. 15
    std::array<Lanes, 3> translation;                // m
};

class Chain {
  public:
    /// Fills lane `lane` with one hand: its shape's joints and frames, wrist and forearm rotation.
    /// Every lane must be set before use.
    void set_hand(int lane,
                  const ShapedHand& hand,
                  const AnatomyFrames& frames,
                  const Mat3& world_from_hand,
                  const Mat3& forearm);

    void forward(const HandVariables& variables,
                 std::array<BoneTransforms, kLaneCount>& transforms,
                 std::array<LocalRotations, kLaneCount>& rotations);

    /// `d_transforms` is dE by every entry of the last forward's transforms, `d_rotations` what
    /// depends on R directly (pose correctives). Overwrites `gradient`.
    void backward(const std::array<BoneTransforms, kLaneCount>& d_transforms,
                  const std::array<LocalRotations, kLaneCount>& d_rotations,
                  HandVariables& gradient) const;

  private:
    struct Joint {
        Mat3Lanes frame; // C
        Vec3Lanes rest;  // m
        SinCos twist, splay, bend;
        Mat3Lanes local; // R = C Rz Ry Rx C^T
        Mat3Lanes world; // product along the chain
        Vec3Lanes offset;
    };
    std::array<Joint, kJointCountWithForearm> joints_{};
};

} // namespace rih
