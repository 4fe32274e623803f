// SPDX-License-Identifier: Apache-2.0
// Adam (Kingma and Ba 2015) on one problem, with the schedule of the paper's supplement 2: the rate
// falls by a factor after so many iterations without a lower energy. Knows no hands. All state is
// in the object, so a problem never depends on its neighbours.
#pragma once

#include "renderih/math/types.h"

#include <limits>

namespace rih {

struct AdamOptions {
    double learning_rate = 0.01;       ///< units of the variables a step
    double learning_rate_factor = 0.5; ///< on a plateau
    int plateau_patience = 20;         ///< iterations without a lower energy before the rate falls
    double min_learning_rate = 1e-5;
    double relative_threshold = 1e-4; ///< an energy counts as lower below best (1 - threshold)
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
};

class Adam {
  public:
    Adam(const AdamOptions& options, int variable_count);

    /// One step of `variables` [n] down `gradient` [n]; `energy` is the value at `variables` and
    /// drives the plateau schedule. Throws InternalError when a number is not finite.
    void step(double energy, const VecX& gradient, VecX& variables);

    /// Forgets the best energy: the function has changed, so its values do not compare.
    void restart_plateau();

    double learning_rate() const { return learning_rate_; }
    int iteration() const { return iteration_; }

  private:
    AdamOptions options_;
    double learning_rate_;
    double best_energy_ = std::numeric_limits<double>::infinity();
    int iterations_without_lower_ = 0;
    int iteration_ = 0;
    VecX mean_, mean_square_; // first and second moment of the gradient, [n]
};

} // namespace rih
