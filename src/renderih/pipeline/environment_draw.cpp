// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/environment_draw.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"

#include <algorithm>
#include <numeric>

namespace rih {

namespace {

constexpr int kLeastToDeal = 10;

} // namespace

EnvironmentDraw::EnvironmentDraw(const DatasetPlan& plan, int count) : plan_(plan) {
    RIH_ASSERT(count > 0, "{} environments", count);
    const DatasetPlan deal({.poses = static_cast<std::uint64_t>(count),
                            .split_fractions = plan.options().split_fractions});
    for (int i = 0; i < count; ++i) {
        of_split_[static_cast<std::size_t>(deal.split_of(static_cast<std::uint64_t>(i)))].push_back(
            i);
    }
    bool shared = count < kLeastToDeal;
    for (std::size_t s = 0; s < of_split_.size(); ++s) {
        shared = shared || (of_split_[s].empty() && plan.options().split_fractions[s] > 0);
    }
    if (shared) {
        std::vector<int> all(static_cast<std::size_t>(count));
        std::iota(all.begin(), all.end(), 0);
        of_split_.fill(all);
    }
}

int EnvironmentDraw::of_view(std::uint64_t pose, int view) const {
    const int views = plan_.options().views;
    RIH_ASSERT(view >= 0 && view < views, "view {} of {}", view, views);
    std::vector<int> order = of_split(plan_.split_of(pose));
    const auto groups =
        static_cast<std::uint64_t>((views + kViewsAnEnvironment - 1) / kViewsAnEnvironment);
    const std::uint64_t group =
        plan_.rank_in_split(pose) * groups + static_cast<std::uint64_t>(view / kViewsAnEnvironment);
    const auto n = static_cast<std::uint64_t>(order.size());
    // Fisher and Yates' shuffle, as far as the place that is asked for.
    Rng rng(plan_.options().seed, group / n, "environments");
    const auto wanted = static_cast<std::size_t>(group % n);
    for (std::size_t i = 0; i <= wanted; ++i) {
        const auto left = static_cast<std::uint32_t>(order.size() - i);
        std::swap(order[i], order[i + rng.uniform_index(left)]);
    }
    return order[wanted];
}

} // namespace rih
