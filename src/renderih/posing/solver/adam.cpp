// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/solver/adam.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <cmath>

namespace rih {

Adam::Adam(const AdamOptions& options, int variable_count)
    : options_(options), learning_rate_(options.learning_rate), mean_(VecX::Zero(variable_count)),
      mean_square_(VecX::Zero(variable_count)) {}

void Adam::restart_plateau() {
    best_energy_ = std::numeric_limits<double>::infinity();
    iterations_without_lower_ = 0;
}

void Adam::step(double energy, const VecX& gradient, VecX& variables) {
    RIH_ASSERT(gradient.size() == mean_.size() && variables.size() == mean_.size(),
               "Adam for {} variables got {} and a gradient of {}",
               mean_.size(),
               variables.size(),
               gradient.size());
    RIH_ASSERT(std::isfinite(energy) && gradient.allFinite(),
               "energy {} or its gradient is not finite at iteration {}",
               energy,
               iteration_);
    if (energy < best_energy_ - options_.relative_threshold * std::abs(best_energy_) ||
        std::isinf(best_energy_)) {
        best_energy_ = energy;
        iterations_without_lower_ = 0;
    } else if (++iterations_without_lower_ > options_.plateau_patience) {
        learning_rate_ =
            std::max(learning_rate_ * options_.learning_rate_factor, options_.min_learning_rate);
        iterations_without_lower_ = 0;
    }

    ++iteration_;
    mean_ = options_.beta1 * mean_ + (1 - options_.beta1) * gradient;
    mean_square_ =
        options_.beta2 * mean_square_ + (1 - options_.beta2) * gradient.cwiseProduct(gradient);
    // Undo the bias of the moments' start at zero.
    const double mean_scale = 1 / (1 - std::pow(options_.beta1, iteration_));
    const double square_scale = 1 / (1 - std::pow(options_.beta2, iteration_));
    variables.array() -= learning_rate_ * mean_scale * mean_.array() /
                         ((square_scale * mean_square_.array()).sqrt() + options_.epsilon);
}

} // namespace rih
