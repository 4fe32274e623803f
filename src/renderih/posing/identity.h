// SPDX-License-Identifier: Apache-2.0
// Who the hands belong to: shape coefficients of a person. Where the model has the directions
// "size" and "girth" (the open hand), length and breadth are those of a published population and
// the other coefficients are normal; else (MANO) all are normal, as its space was made.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/hand/hand_calipers.h"

#include <array>
#include <span>
#include <string_view>

namespace rih {

/// Length and breadth of the hand in one part of a population, m.
struct HandPopulation {
    std::string_view name;
    HandDimensions mean, sd;
    double correlation; ///< of the two
};

/// Women and men of the US Army: Greiner, "Hand anthropometry of U.S. Army personnel",
/// NATICK/TR-92/011, 1991 (1304 and 1003 people). The correlations are of Khazri, Shimmi and
/// Parash, PLoS ONE 17 (8), 2022 (184 students each; left hands). A person is of one or the other
/// alike often.
std::span<const HandPopulation> hand_populations();

class IdentityDraw {
  public:
    /// `model` of the right hand.
    explicit IdentityDraw(const HandModel& model);

    /// Coefficients [S] of both hands, right and left, times `shape_sd`: 0 is the model's mean
    /// hand. The left hand's differ from the right one's by a tenth of a standard deviation.
    std::array<VecX, 2> draw(double shape_sd, Rng& rng) const;

    const HandCalipers& calipers() const { return calipers_; }

  private:
    void fit(const HandDimensions& wanted, VecX& shape) const;

    HandCalipers calipers_;
    int count_ = 0;
    int size_ = -1, girth_ = -1; // of the coefficients; -1: there are none
};

} // namespace rih
