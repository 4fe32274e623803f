// SPDX-License-Identifier: Apache-2.0
// Named places on a hand's skin, found by geometry on the flat hand, so that the same names work
// for every model. Names:
//   palm, palm_heel, palm_front, back, back_front, edge (little finger's side), web (between thumb
//   and index finger), wrist_front, wrist_back, pinch (between the pads of thumb and index finger),
//   grip (between thumb and middle finger), FINGER_tip, and FINGER_SEGMENT_FACE with FINGER thumb,
//   index, middle, ring, pinky; SEGMENT root, middle, end; FACE front (palmar), back, thumb_side,
//   little_side.
#pragma once

#include "renderih/hand/kinematics.h"

#include <map>
#include <string>
#include <vector>

namespace rih {

class HandLandmarks {
  public:
    /// Throws UserError when the model has no vertex where a place should be.
    explicit HandLandmarks(const HandModel& model);

    /// Position on a posed hand. Throws UserError for an unknown name.
    Vec3 point(const std::string& name, const Points& vertices) const;

    bool contains(const std::string& name) const { return vertices_of_.contains(name); }

  private:
    std::map<std::string, std::vector<int>> vertices_of_; // a place is the mean of its vertices
};

/// The hand's own axes at rest: towards the fingers (wrist to middle finger's root), out of the
/// palm, towards the thumb's side; columns in that order. Determinant +1 right, -1 left.
Mat3 hand_axes(const ShapedHand& hand);

} // namespace rih
