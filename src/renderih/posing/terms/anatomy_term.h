// SPDX-License-Identifier: Apache-2.0
// Anatomy (eq. 6): the squared excess of every angle over its range in Table 2, both hands.
//   E = sum_hands sum_joints sum_{twist, splay, bend} beta(angle)^2
//   dE / d angle = 2 beta(angle)
// E is in rad^2, its weight in 1 / rad^2.
#pragma once

#include "renderih/posing/terms/term.h"

namespace rih {

class AnatomyTerm final : public Term {
  public:
    std::string_view name() const override { return "anatomy"; }
    double evaluate(const PairState& state, double weight, PairGradient& gradient) override;
};

} // namespace rih
