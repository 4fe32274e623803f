// SPDX-License-Identifier: Apache-2.0
// The anchors of the paper's attraction (3.1, Figure 2): vertices in the order of how often they
// touch the other hand, each kept when it is far enough from those kept before. The paper counts
// contacts over InterHand2.6M, which cannot ship; the order here comes from a contact prior over
// the hand's parts and its palmar side, and "2 hops apart" on MANO's mesh becomes a geodesic radius
// chosen such that the paper's 108 anchors come out on any mesh.
#pragma once

#include "renderih/hand/hand_model.h"

#include <vector>

namespace rih {

inline constexpr int kAnchorCount = 108;

struct Anchors {
    std::vector<int> vertices; // model vertex ids, most often touched first
    std::vector<std::vector<std::array<int, 3>>> faces; // right hand's faces around each anchor
    double radius_m = 0;                                // geodesic distance that keeps them apart
};

/// Expected contact of each vertex with another hand, 0 .. 1; forearm vertices 0. [V]
VecX contact_prior(const HandModel& model);

/// `count` anchors (all hand vertices when there are fewer), the same for both hands: `model` is
/// the right hand.
Anchors make_anchors(const HandModel& model, int count = kAnchorCount);

/// Outward unit normals at the anchors of a posed hand. The faces are the right hand's, so the left
/// hand's normals are turned round. [A, 3]
Points anchor_normals(const Anchors& anchors, const Points& vertices, Side side);

} // namespace rih
