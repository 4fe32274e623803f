// SPDX-License-Identifier: Apache-2.0
// The identities of a run. Person k of a population has a shape for each hand, all but the same;
// what the optimiser needs of a shape (rest hands, distance grids) is made when first asked for and
// kept while it is among the last used.
#pragma once

#include "renderih/base/shared_cache.h"
#include "renderih/posing/batch/batch_optimiser.h"
#include "renderih/posing/identity.h"

#include <array>
#include <memory>
#include <utility>

namespace rih {

struct Person {
    std::array<ShapedHand, 2> hands;
    PersonTables tables;
};

Person make_person(const BatchModel& model, const std::array<ShapedHand, 2>& hands, double spacing);

class People {
  public:
    /// Keeps the last `kept` people. Both references must outlive this.
    People(const BatchModel& model, const PosingOptions& options, std::size_t kept)
        : model_(model), options_(options), identity_(model.context().hands->hands[0]),
          people_(kept) {}

    /// The person of pose `id`: one of the options.people of a population, drawn from
    /// (seed, population, id) alone. Populations share nobody. Thread-safe.
    std::shared_ptr<const Person> of_pose(std::uint64_t seed, std::uint64_t id, int population);

  private:
    const BatchModel& model_;
    const PosingOptions& options_;
    IdentityDraw identity_;
    SharedCache<std::pair<std::uint64_t, std::uint64_t>, Person> people_; // by seed and person
};

} // namespace rih
