// SPDX-License-Identifier: Apache-2.0
// Which record is seen when: the order of an epoch over several sources, a function of the seed and
// the epoch's number alone.
#pragma once

#include <cstdint>
#include <vector>

namespace rih::learn {

struct SourceShare {
    std::size_t size = 0; ///< items of the source
    double weight = 0;    ///< its share of an epoch relative to the others'; 0: its size
};

/// One item to be seen.
struct ItemRef {
    int source = 0;
    std::size_t index = 0;     ///< within the source
    std::uint64_t ordinal = 0; ///< items taken from this source before, over all epochs
    bool operator==(const ItemRef&) const = default;
};

class EpochOrder {
  public:
    /// `epoch_items` 0: as many as the sources have together. With `shuffle` each source is gone
    /// through in one shuffled order after another, none of its items twice in one, and an epoch's
    /// items are shuffled over the sources; without, every item comes once, source after source,
    /// and weights and `epoch_items` must be 0. Throws UserError for a weight that is out of range
    /// or that leaves a source without an item.
    EpochOrder(std::vector<SourceShare> sources,
               std::uint64_t epoch_items,
               std::uint64_t seed,
               bool shuffle);

    std::uint64_t size() const { return size_; } ///< items of an epoch
    /// Items of an epoch that come from one source.
    std::uint64_t count(int source) const { return counts_[static_cast<std::size_t>(source)]; }
    std::vector<ItemRef> order(std::uint64_t epoch) const;

  private:
    std::vector<SourceShare> sources_;
    std::vector<std::uint64_t> counts_; // of each source, the same in every epoch
    std::uint64_t size_ = 0, seed_ = 0;
    bool shuffle_ = true;
};

} // namespace rih::learn
