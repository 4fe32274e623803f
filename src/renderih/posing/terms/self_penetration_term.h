// SPDX-License-Identifier: Apache-2.0
// Penetration of a hand into itself: eq. 4 between parts of one hand that are no neighbours. The
// paper has no such term; without it optimised fingers may cross their own palm.
//   E = sum_hands sum_{i, j no neighbours} sum_{v in part j} Omega_i(v)
// E is in m, its weight in 1 / m; a weight of 0 gives the paper's energy.
#pragma once

#include "renderih/posing/terms/penetration_term.h"

namespace rih {

using PartNeighbours = std::array<std::array<bool, kPartsPerHand>, kPartsPerHand>;

/// Parts that share a vertex, or that overlap in the rest pose already (the capped roots of
/// neighbouring fingers); a part neighbours itself.
PartNeighbours part_neighbours(const ClosedParts& parts, const Points& rest_vertices);

class SelfPenetrationTerm final : public Term {
  public:
    /// Both must outlive the term; `surfaces` be posed before each evaluation.
    SelfPenetrationTerm(PairSurfaces& surfaces, const std::array<PartNeighbours, 2>& neighbours)
        : surfaces_(surfaces), neighbours_(neighbours) {}
    std::string_view name() const override { return "self"; }
    double evaluate(const PairState& state, double weight, PairGradient& gradient) override;

  private:
    PairSurfaces& surfaces_;
    const std::array<PartNeighbours, 2>& neighbours_;
};

} // namespace rih
