// SPDX-License-Identifier: Apache-2.0
// The hand model once more, written from docs/dataset_format.md alone: dense loops over HAND.npz,
// no code of hand/. `verify` holds the writer's numbers against it.
#pragma once

#include "renderih/base/npz.h"
#include "renderih/geometry/mesh.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace rih {

struct ReferencePose {
    std::vector<Vec3> axis_angle; // [J]
    Vec3 translation = Vec3::Zero();
    VecX shape; // [S]
};

class ReferenceHand {
  public:
    /// Throws UserError naming the array that is missing or of the wrong shape.
    explicit ReferenceHand(const NpzArrays& arrays);

    struct Posed {
        Points vertices; // [V, 3] world
        Points joints;   // [J, 3] world
    };
    Posed pose(const ReferencePose& pose) const;

    /// The 21 keypoints (wrist, thumb 1-4, index, middle, ring, pinky, tip last). [21, 3]
    Points keypoints(const Posed& posed) const;

    int joint_count() const { return static_cast<int>(parents_.size()); }

  private:
    Points template_;          // [V, 3]
    MatX skin_weights_;        // [V, J]
    std::vector<int> parents_; // [J]
    MatX joint_regressor_;     // [J, V]
    MatX shape_dirs_;          // [3 V, S]
    MatX pose_dirs_;           // [3 V, P]
    std::array<int, 5> tips_{};
};

} // namespace rih
