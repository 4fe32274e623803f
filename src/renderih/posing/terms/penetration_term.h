// SPDX-License-Identifier: Apache-2.0
// Part-wise penetration (eq. 2-4): how deep each hand's vertices lie inside the other hand's parts.
//   E = sum_s sum_i sum_j sum_{v in part j of hand s} Omega_i(v),   Omega = max(depth inside, 0)
// with i over the closed parts of the other hand, posed exactly as they are. The gradient is that
// of the depth: it moves the vertex (d depth / dv) and the corners of the nearest face (minus the
// same, by their barycentric weights). A vertex on a seam belongs to each part it borders, as the
// sum over j says. E is in m (a sum over vertices), its weight in 1 / m.
#pragma once

#include "renderih/posing/terms/part_surfaces.h"
#include "renderih/posing/terms/term.h"

#include <utility>

namespace rih {

/// A posed pair's part surfaces, moved once an iteration and shared by the terms that ask them.
struct PairSurfaces {
    PairSurfaces(const std::array<ClosedParts, 2>& parts, const PairState& state);
    void pose(const PairState& state);
    std::array<PartSurfaces, 2> hands;
};

class PenetrationTerm final : public Term {
  public:
    /// `surfaces` must outlive the term and be posed before each evaluation.
    explicit PenetrationTerm(PairSurfaces& surfaces);
    std::string_view name() const override { return "penetration"; }
    double evaluate(const PairState& state, double weight, PairGradient& gradient) override;

  private:
    PairSurfaces& surfaces_;
    // Vertex and the number of parts it belongs to, ascending.
    std::array<std::vector<std::pair<int, int>>, 2> vertices_;
};

} // namespace rih
