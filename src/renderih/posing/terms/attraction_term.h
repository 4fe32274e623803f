// SPDX-License-Identifier: Apache-2.0
// Attraction between the hands' anchors a_i (right) and a_j (left), paired as anchor_pairs.h says
// (eq. 5).
//   E = sum_pairs 1/2 k |a_i - a_j|^2
// with k of the distance when the pairs were (re)built. dE / d a_i = k (a_i - a_j).
// E is in m^2, its weight in 1 / m^2.
#pragma once

#include "renderih/posing/anchors.h"
#include "renderih/posing/terms/anchor_pairs.h"
#include "renderih/posing/terms/term.h"

namespace rih {

struct AnchorPair {
    int right_vertex = 0, left_vertex = 0;
    double stiffness = 0; // k
};

class AttractionTerm final : public Term {
  public:
    /// `anchors` serve both hands (equal vertex ids) and must outlive the term.
    AttractionTerm(const Anchors& anchors, const AnchorRule& rule)
        : anchors_(anchors), rule_(rule) {}
    std::string_view name() const override { return "attraction"; }
    void rebuild(const PairState& state) override;
    double evaluate(const PairState& state, double weight, PairGradient& gradient) override;

    const std::vector<AnchorPair>& pairs() const { return pairs_; }

  private:
    const Anchors& anchors_;
    AnchorRule rule_;
    std::vector<AnchorPair> pairs_;
};

} // namespace rih
