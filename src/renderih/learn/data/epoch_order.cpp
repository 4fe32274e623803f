// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/data/epoch_order.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rih::learn {

namespace {

template <typename T>
void shuffle_in_place(std::vector<T>& items, Rng rng) {
    for (std::size_t i = items.size(); i > 1; --i) {
        std::swap(items[i - 1], items[rng.uniform_index(static_cast<std::uint32_t>(i))]);
    }
}

/// `total` handed out in proportion to `shares`; what rounding leaves goes to the largest
/// remainders, the first of equal ones.
std::vector<std::uint64_t> apportioned(const std::vector<double>& shares, std::uint64_t total) {
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    std::vector<std::uint64_t> counts;
    std::vector<std::pair<double, std::size_t>> remainders; // negative, place
    std::uint64_t given = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        const double exact = shares[i] / sum * static_cast<double>(total);
        counts.push_back(static_cast<std::uint64_t>(exact));
        given += counts.back();
        remainders.emplace_back(std::floor(exact) - exact, i);
    }
    std::ranges::sort(remainders);
    for (std::size_t i = 0; given < total; ++i, ++given) {
        ++counts[remainders[i % remainders.size()].second];
    }
    return counts;
}

} // namespace

EpochOrder::EpochOrder(std::vector<SourceShare> sources,
                       std::uint64_t epoch_items,
                       std::uint64_t seed,
                       bool shuffle)
    : sources_(std::move(sources)), seed_(seed), shuffle_(shuffle) {
    RIH_ASSERT(!sources_.empty(), "an order of no sources");
    std::vector<double> shares;
    std::uint64_t together = 0;
    for (std::size_t s = 0; s < sources_.size(); ++s) {
        const SourceShare& source = sources_[s];
        RIH_ASSERT(source.size > 0 && source.size <= 0xffffffffU, "a source of {}", source.size);
        RIH_REQUIRE(source.weight >= 0 && std::isfinite(source.weight),
                    "the weight of data set {} is {}; it must be 0 (its size) or positive",
                    s + 1,
                    source.weight);
        shares.push_back(source.weight > 0 ? source.weight : static_cast<double>(source.size));
        together += source.size;
        RIH_ASSERT(shuffle || (source.weight == 0 && epoch_items == 0), "an order with weights");
    }
    constexpr std::uint64_t kMost = 1'000'000'000;
    size_ = epoch_items > 0 ? epoch_items : together;
    RIH_REQUIRE(size_ <= kMost, "an epoch of {} items; at most {}", size_, kMost);
    counts_ = apportioned(shares, size_);
    for (std::size_t s = 0; s < counts_.size(); ++s) {
        RIH_REQUIRE(counts_[s] > 0,
                    "an epoch of {} items leaves none for data set {}; raise its weight or the "
                    "epoch's items",
                    size_,
                    s + 1);
    }
}

std::vector<ItemRef> EpochOrder::order(std::uint64_t epoch) const {
    std::vector<ItemRef> items;
    items.reserve(size_);
    for (std::size_t s = 0; s < sources_.size(); ++s) {
        const std::uint64_t size = sources_[s].size;
        std::vector<std::uint32_t> permutation; // of the pass that `ordinal` lies in
        std::uint64_t pass_of_permutation = ~std::uint64_t{0};
        for (std::uint64_t i = 0; i < counts_[s]; ++i) {
            const std::uint64_t ordinal = epoch * counts_[s] + i, pass = ordinal / size;
            if (pass != pass_of_permutation) {
                permutation.resize(size);
                std::iota(permutation.begin(), permutation.end(), 0U);
                if (shuffle_) {
                    shuffle_in_place(permutation,
                                     Rng(seed_, pass, mix_bits(hash_name("source order") + s)));
                }
                pass_of_permutation = pass;
            }
            items.push_back({static_cast<int>(s), permutation[ordinal % size], ordinal});
        }
    }
    if (shuffle_) {
        shuffle_in_place(items, Rng(seed_, epoch, "epoch order"));
    }
    return items;
}

} // namespace rih::learn
