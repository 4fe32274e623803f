// SPDX-License-Identifier: Apache-2.0
// Eq. 9 / 13: the weighted sum of the terms for one pair, with the weights' schedule.
#pragma once

#include "renderih/posing/posing_options.h"
#include "renderih/posing/terms/attraction_term.h"
#include "renderih/posing/terms/self_penetration_term.h"

#include <memory>

namespace rih {

class Discriminator;
class HandSurfaces;

/// What every pair of a run shares: constant after make_posing_context.
struct PosingContext {
    const HandPair* hands = nullptr;
    std::array<std::shared_ptr<const PoseCorrectives>, 2> correctives;
    Anchors anchors;
    std::array<ClosedParts, 2> parts;
    std::array<PartNeighbours, 2> neighbours;
    std::shared_ptr<const HandSurfaces> surfaces; // for the exact steps
    const Discriminator* discriminator = nullptr; // none: no adversarial term, naturalness 0
};
/// `hands` and `discriminator` (may be null) must outlive the context.
PosingContext make_posing_context(const HandPair& hands, const Discriminator* discriminator);

/// The schedule: the weight of one term (named as in PosingOptions::without) at an iteration.
double term_weight(const PosingOptions& options, std::string_view term, int iteration);

AnchorRule anchor_rule(const PosingOptions& options);

class PairEnergy {
  public:
    /// All must outlive the energy. `state` is any pose of the pair.
    PairEnergy(const PosingContext& context, const PosingOptions& options, const PairState& state);
    ~PairEnergy();
    PairEnergy(const PairEnergy&) = delete;
    PairEnergy& operator=(const PairEnergy&) = delete;

    /// Builds the anchor pairs anew.
    void rebuild(const PairState& state);

    /// The energy at iteration `iteration` of the schedule; `gradient` is overwritten.
    double
    evaluate(const PairRig& rig, const PairState& state, int iteration, PairGradient& gradient);

    /// Values of the last evaluation, without weights, by term name.
    const std::vector<std::pair<std::string, double>>& values() const { return values_; }

  private:
    const PosingOptions& options_;
    PairSurfaces surfaces_;
    std::vector<std::unique_ptr<Term>> terms_;
    std::vector<std::pair<std::string, double>> values_;
};

} // namespace rih
