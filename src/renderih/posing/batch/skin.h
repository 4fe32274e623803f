// SPDX-License-Identifier: Apache-2.0
// Linear blend skinning with pose correctives for the parts that matter now, and its gradient.
// Exact twin: pose_hand and pose_gradient of hand/kinematics.h.
#pragma once

#include "renderih/posing/batch/chain.h"
#include "renderih/posing/batch/hand_tables.h"

namespace rih {

/// One posed hand and dE by its vertices. Memory is taken once and used for one hand after another.
class Skin {
  public:
    /// Room for `model`'s groups; all gradients zero.
    void reserve(const ModelTables& model);

    /// Poses the groups of the parts in `active`; others keep what they had.
    void forward(const ModelTables& model,
                 const IdentityTables& identity,
                 const BoneTransforms& transforms,
                 const LocalRotations& rotations,
                 const std::array<bool, kPartsPerHand>& active);

    /// Adds to `d_transforms` and `d_rotations` what the gradients collected since the last call
    /// say, and sets those to zero again.
    void backward(const ModelTables& model,
                  const BoneTransforms& transforms,
                  BoneTransforms& d_transforms,
                  LocalRotations& d_rotations);

    Vec3Lanes group(int g) const { return {posed_[0][g], posed_[1][g], posed_[2][g]}; }
    Eigen::Vector3f vertex(int slot) const;

    void add_gradient(int g, const Vec3Lanes& d) {
        gradient_[0][g] += d.x;
        gradient_[1][g] += d.y;
        gradient_[2][g] += d.z;
        touched_[g] = 1;
    }
    void add_gradient(int slot, const Eigen::Vector3f& d);

  private:
    std::array<std::vector<Lanes>, 3> corrected_; // [axis][group], rest + correctives
    std::array<std::vector<Lanes>, 3> posed_;
    std::array<std::vector<Lanes>, 3> gradient_;
    std::vector<char> touched_; // [group]
};

} // namespace rih
