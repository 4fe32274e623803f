// SPDX-License-Identifier: Apache-2.0
// One energy of eq. 9: a value and its gradient. Terms are plain sums as the paper prints them;
// their weights live in EnergyWeights and nowhere else.
#pragma once

#include "renderih/posing/parameters.h"

#include <string_view>

namespace rih {

class Term {
  public:
    virtual ~Term() = default;

    /// As in PosingOptions::without.
    virtual std::string_view name() const = 0;

    /// Renews what the term holds fixed between rebuilds (anchor pairs); most hold nothing.
    virtual void rebuild(const PairState& /*state*/) {}

    /// Returns the energy without its weight and adds weight * (its gradient) to `gradient`.
    virtual double evaluate(const PairState& state, double weight, PairGradient& gradient) = 0;
};

} // namespace rih
