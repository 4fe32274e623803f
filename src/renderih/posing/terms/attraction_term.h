// SPDX-License-Identifier: Apache-2.0
// Attraction between the hands' anchors (eq. 5). Anchors a_i (right) and a_j (left) are a pair when
// each is the other's nearest among those whose surface normals face each other (n_i . n_j < 0).
//   E = sum_pairs 1/2 k |a_i - a_j|^2,   k = 0.5 cos(pi d / s) + 0.5 for d <= s, else 0
// with d the distance when the pairs were (re)built. dE / d a_i = k (a_i - a_j).
// E is in m^2, its weight in 1 / m^2.
#pragma once

#include "renderih/posing/anchors.h"
#include "renderih/posing/terms/term.h"

namespace rih {

struct AnchorPair {
    int right_vertex = 0, left_vertex = 0;
    double stiffness = 0; // k
};

class AttractionTerm final : public Term {
  public:
    /// `anchors` serve both hands (equal vertex ids) and must outlive the term. `radius` is s, m.
    AttractionTerm(const Anchors& anchors, double radius) : anchors_(anchors), radius_(radius) {}
    std::string_view name() const override { return "attraction"; }
    void rebuild(const PairState& state) override;
    double evaluate(const PairState& state, double weight, PairGradient& gradient) override;

    const std::vector<AnchorPair>& pairs() const { return pairs_; }

  private:
    const Anchors& anchors_;
    double radius_;
    std::vector<AnchorPair> pairs_;
};

} // namespace rih
