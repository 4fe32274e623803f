// SPDX-License-Identifier: Apache-2.0
// The natural discriminator's pull (eq. 8), one pair being the whole expectation:
//   E = sum_hands (D(angles) - 1)^2,   dE / d angle = 2 (D - 1) dD / d angle
// E has no unit, nor has its weight.
#pragma once

#include "renderih/posing/discriminator.h"
#include "renderih/posing/terms/term.h"

namespace rih {

class AdversarialTerm final : public Term {
  public:
    /// `discriminator` must outlive the term.
    explicit AdversarialTerm(const Discriminator& discriminator) : discriminator_(discriminator) {}
    std::string_view name() const override { return "adversarial"; }
    double evaluate(const PairState& state, double weight, PairGradient& gradient) override;

  private:
    const Discriminator& discriminator_;
};

} // namespace rih
