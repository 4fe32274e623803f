// SPDX-License-Identifier: Apache-2.0
// pose_dirs without its zeros: for each finger joint the vertices that its rotation corrects, with
// their 3 x 9 blocks. A corrective reaches a few hundred vertices, the full matrix has 3 V rows.
#pragma once

#include "renderih/hand/hand_model.h"

#include <array>
#include <vector>

namespace rih {

class PoseCorrectives {
  public:
    PoseCorrectives() = default;
    explicit PoseCorrectives(const HandModel& model);

    /// Adds pose_dirs x (R - I) to `vertices` [V, 3]; `rotations[j]` is joint j's.
    void add_to(const std::array<Mat3, kJointCountWithForearm>& rotations, Points& vertices) const;

    /// Adds dE/dR of joints 1 .. 15, where `d_vertices` [V, 3] is dE/d of what add_to changed.
    void add_gradient(const Points& d_vertices,
                      std::array<Mat3, kJointCountWithForearm>& d_rotations) const;

  private:
    struct Block {
        int vertex;
        Eigen::Matrix<double, 3, 9> directions;
    };
    std::array<std::vector<Block>, kFingerJointCount> blocks_of_joint_;
};

} // namespace rih
