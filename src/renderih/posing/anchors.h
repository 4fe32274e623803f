// SPDX-License-Identifier: Apache-2.0
// The anchors of the paper's attraction (3.1, Figure 2): vertices in the order of how often they
// touch the other hand (contact_frequency.h counts it), each kept when it is far enough from those
// kept before. On a mesh as coarse as MANO's far enough is the paper's "skip the 2-hop neighbours";
// on a finer one it is a geodesic radius, the largest that leaves the paper's 108.
#pragma once

#include "renderih/hand/hand_model.h"

#include <vector>

namespace rih {

inline constexpr int kAnchorCount = 108;

/// MANO has 778 vertices; a hand with fewer than this is taken for as coarse.
inline constexpr int kHopMeshVertices = 1500;

struct Anchors {
    std::vector<int> vertices; // model vertex ids, most often touched first
    std::vector<std::vector<std::array<int, 3>>> faces; // right hand's faces around each anchor
    double radius_m = 0; // geodesic distance that keeps them apart; 0 where hops do
};

/// 1 for the vertices of parts 1-16, 0 for those of the forearm alone. [V]
std::vector<bool> hand_vertices(const HandModel& model);

/// A guess for hands whose contacts nobody counted (synthetic ones in tests): expected contact of
/// each vertex from its part and side of the hand, 0 .. 1; forearm vertices 0. [V]
VecX contact_prior(const HandModel& model);

/// `count` anchors (all hand vertices when there are fewer or `count` is 0), the same for both
/// hands: `model` is the right hand. `frequency` [V] orders them; equal ones go by vertex id.
/// Throws UserError for a frequency of another length.
Anchors make_anchors(const HandModel& model, const VecX& frequency, int count = kAnchorCount);

/// The same with contact_prior().
Anchors make_anchors(const HandModel& model, int count = kAnchorCount);

/// The paper's rule. No two of the vertices taken first are within 2 hops. That alone fills MANO's
/// mesh with about 76; the published 108 are 2 or 3 hops apart, so when no vertex is left the most
/// touched of those 2 hops apart follow, then any.
std::vector<int> anchors_by_hops(const HandModel& model, const VecX& frequency, int count);

/// No two within `radius_m`, found by bisection as the largest that leaves `count`.
std::vector<int>
anchors_by_radius(const HandModel& model, const VecX& frequency, int count, double* radius_m);

/// Outward unit normals at the anchors of a posed hand. The faces are the right hand's, so the left
/// hand's normals are turned round. [A, 3]
Points anchor_normals(const Anchors& anchors, const Points& vertices, Side side);

} // namespace rih
