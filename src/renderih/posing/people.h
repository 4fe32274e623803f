// SPDX-License-Identifier: Apache-2.0
// The identities of a run. Person k of a population has a shape for each hand, all but the same;
// what the optimiser needs of a shape (rest hands, distance grids) is made when first asked for and
// kept.
#pragma once

#include "renderih/posing/batch/batch_optimiser.h"
#include "renderih/posing/identity.h"

#include <array>
#include <map>
#include <memory>
#include <mutex>

namespace rih {

struct Person {
    std::array<ShapedHand, 2> hands;
    PersonTables tables;
};

Person make_person(const BatchModel& model, const std::array<ShapedHand, 2>& hands, double spacing);

class People {
  public:
    /// Both must outlive this.
    People(const BatchModel& model, const PosingOptions& options)
        : model_(model), options_(options), identity_(model.context().hands->hands[0]) {}

    /// The person of pose `id`: one of the options.people of a population, drawn from
    /// (seed, population, id) alone. Populations share nobody. Thread-safe.
    std::shared_ptr<const Person> of_pose(std::uint64_t seed, std::uint64_t id, int population);

  private:
    struct Entry {
        std::once_flag once;
        std::shared_ptr<const Person> person;
    };

    const BatchModel& model_;
    const PosingOptions& options_;
    IdentityDraw identity_;
    std::mutex mutex_;
    std::uint64_t seed_ = 0;                                  // of `entries_`
    std::map<std::uint64_t, std::shared_ptr<Entry>> entries_; // by population and person
};

} // namespace rih
