// SPDX-License-Identifier: Apache-2.0
// Which environment a view is lit by. Each split has its own: what is learnt in one is judged in
// places never seen. A split uses all of its environments before any comes again, in an order that
// is drawn anew each time round. Two views in a row of a pose share one, turned differently: a
// generated place is large to read.
#pragma once

#include "renderih/dataset/plan.h"

#include <array>
#include <cstdint>
#include <vector>

namespace rih {

inline constexpr int kViewsAnEnvironment = 2;

class EnvironmentDraw {
  public:
    /// Deals environments 0 .. count - 1 to the plan's splits as the plan deals poses, whatever its
    /// seed is: where one set is tested, no other of the same fractions and packaged maps trains.
    /// Fewer than ten are shared by all splits, and so are more where a split's fraction is so
    /// small that it got none.
    EnvironmentDraw(const DatasetPlan& plan, int count);

    const std::vector<int>& of_split(Split split) const {
        return of_split_[static_cast<std::size_t>(split)];
    }
    int of_view(std::uint64_t pose, int view) const;

  private:
    DatasetPlan plan_;
    std::array<std::vector<int>, 3> of_split_; // ascending
};

} // namespace rih
