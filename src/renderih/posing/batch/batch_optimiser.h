// SPDX-License-Identifier: Apache-2.0
// The optimisation of optimise.h for four pairs at once: the same energy, schedule and projection
// in single precision, the closed parts' distances from grids (part_grid.h). A pair's result does
// not depend on the pairs beside it. Exact twin: optimise_pair.
#pragma once

#include "renderih/posing/batch/adam_lanes.h"
#include "renderih/posing/batch/discriminator_lanes.h"
#include "renderih/posing/batch/skin.h"
#include "renderih/posing/pair_energy.h"

#include <memory>
#include <optional>
#include <span>

namespace rih {

/// What every batch of a run shares.
class BatchModel {
  public:
    /// `context` must outlive the model.
    explicit BatchModel(const PosingContext& context);

    struct Anchor {
        int slot = 0, part = 0;
        std::vector<std::array<int, 3>> faces; // slots
    };

    const PosingContext& context() const { return *context_; }
    const ModelTables& tables(int hand) const { return tables_[hand]; }
    const std::vector<Anchor>& anchors(int hand) const { return anchors_[hand]; }
    const DiscriminatorLanes* discriminator() const {
        return discriminator_ ? &*discriminator_ : nullptr;
    }

  private:
    const PosingContext* context_;
    std::array<ModelTables, 2> tables_;
    std::array<std::vector<Anchor>, 2> anchors_;
    std::optional<DiscriminatorLanes> discriminator_;
};

/// Both hands of a person.
using PersonTables = std::array<std::shared_ptr<const IdentityTables>, 2>;
PersonTables make_person_tables(const BatchModel& model,
                                const std::array<ShapedHand, 2>& hands,
                                double grid_spacing);

struct BatchProblem {
    PersonTables person;
    PairRig rig;
    PairParameters initial;
};

class BatchOptimiser {
  public:
    /// Both must outlive the optimiser.
    BatchOptimiser(const BatchModel& model, const PosingOptions& options);
    ~BatchOptimiser();

    /// Optimises any number of pairs, kPairLanes at a time. Angles come out inside Table 2.
    std::vector<PairParameters> optimise(std::span<const BatchProblem> problems);

    /// Energy at iteration `iteration` of the schedule, anchor pairs built at this very pose, and
    /// its gradient by the parameters: for tests against the twin and finite differences.
    double evaluate(const BatchProblem& problem, int iteration, PairParameters& gradient);

    /// Eq. 4 between the hands at the problem's initial pose: the sum of depths, m.
    double penetration(const BatchProblem& problem);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace rih
