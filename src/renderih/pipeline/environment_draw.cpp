// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/environment_draw.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"

#include <numeric>
#include <vector>

namespace rih {

int environment_of_view(std::uint64_t seed, std::uint64_t pose, int view, int views, int count) {
    RIH_ASSERT(count > 0 && view >= 0 && view < views, "view {} of {}", view, views);
    const auto groups =
        static_cast<std::uint64_t>((views + kViewsAnEnvironment - 1) / kViewsAnEnvironment);
    const std::uint64_t group =
        pose * groups + static_cast<std::uint64_t>(view / kViewsAnEnvironment);
    const auto n = static_cast<std::uint64_t>(count);
    // Fisher and Yates' shuffle, as far as the place that is asked for.
    Rng rng(seed, group / n, "environments");
    std::vector<int> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    const auto wanted = static_cast<std::size_t>(group % n);
    for (std::size_t i = 0; i <= wanted; ++i) {
        const auto left = static_cast<std::uint32_t>(order.size() - i);
        std::swap(order[i], order[i + rng.uniform_index(left)]);
    }
    return order[wanted];
}

} // namespace rih
