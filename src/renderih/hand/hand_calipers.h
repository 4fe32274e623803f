// SPDX-License-Identifier: Apache-2.0
// Length and breadth of a hand at rest, as surveys take them with calipers on the flat hand.
#pragma once

#include "renderih/hand/hand_model.h"

namespace rih {

struct HandDimensions {
    double length = 0;  ///< m from the wrist to the tip of the middle finger
    double breadth = 0; ///< m across the ends of the metacarpals of index and little finger
};

/// Where the calipers touch one model's surface: vertices, found once on its mean hand.
class HandCalipers {
  public:
    explicit HandCalipers(const HandModel& model);

    HandDimensions of_template() const { return between(template_); }
    /// Of template_vertices + shape_dirs `shape`, [S] or fewer coefficients. The wrist joint is
    /// taken where it is on the mean hand: no shape of the open hand moves it.
    HandDimensions of_shape(const VecX& shape) const;

  private:
    struct Points3 {
        Vec3 tip, thumb_side, little_side;
    };
    HandDimensions between(const Points3& points) const;

    Vec3 wrist_;
    Points3 template_;
    MatX moves_; // [9, S] of the three points
};

} // namespace rih
