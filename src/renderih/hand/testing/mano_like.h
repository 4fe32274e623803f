// SPDX-License-Identifier: Apache-2.0
// A stand-in for MANO's hand, which may not be used here: of its layout (778 vertices, triangles,
// open at the wrist, no uv) and unlike the open hand that it is made from in mesh, proportions and
// rest pose. Where each of its vertices lies on the open hand is known.
#pragma once

#include "renderih/hand/hand_model.h"

namespace rih {

struct ManoLikeOptions {
    int vertex_count = 778;
    double longer_fingers = 1.08, thicker_fingers = 1.12;
    double longer_palm = 0.95, wider_palm = 1.06, thicker_palm = 1.1;
    double spread_deg = 5;   ///< by which index and little finger stand farther off
    double thumb_deg = 12;   ///< by which the thumb does
    double joint_off_mm = 2; ///< standard deviation, along each axis, of joints in the flesh
    double uneven_mm = 1;    ///< height of waves some 4 cm long that no bone explains
};

struct ManoLikeHand {
    HandModel hand;                 // 16 joints, one border at the wrist
    std::vector<int> source_vertex; // [V] of the hand it was made from
};

/// From a hand with a forearm, by collapsing edges onto one of their vertices.
ManoLikeHand make_mano_like(const HandModel& hand, const ManoLikeOptions& options = {});

} // namespace rih
