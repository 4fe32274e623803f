// SPDX-License-Identifier: Apache-2.0
// Adam for eight hands at once, two lanes being one problem with one learning rate. Exact twin:
// Adam of solver/adam.h, whose schedule this follows step by step.
#pragma once

#include "renderih/posing/batch/lanes.h"
#include "renderih/posing/solver/adam.h"

#include <array>

namespace rih {

inline constexpr int kPairLanes = kLaneCount / 2; ///< pairs in a batch; lane 2 i + hand

template <int kCount>
class AdamLanes {
  public:
    explicit AdamLanes(const AdamOptions& options) : options_(options) {
        mean_.fill(0.0f);
        mean_square_.fill(0.0f);
        rates_.fill(static_cast<float>(options.learning_rate));
        restart_plateau();
    }

    void restart_plateau() {
        best_.fill(std::numeric_limits<double>::infinity());
        without_lower_.fill(0);
    }

    /// One step of `variables` down `gradient`; `energy` per pair drives the schedule.
    void step(const std::array<double, kPairLanes>& energy,
              const std::array<Lanes, kCount>& gradient,
              std::array<Lanes, kCount>& variables) {
        for (int pair = 0; pair < kPairLanes; ++pair) {
            follow_plateau(energy[pair], pair);
        }
        ++iteration_;
        const auto beta1 = static_cast<float>(options_.beta1);
        const auto beta2 = static_cast<float>(options_.beta2);
        // Undo the bias of the moments' start at zero.
        const Lanes mean_scale = static_cast<float>(1 / (1 - std::pow(options_.beta1, iteration_)));
        const Lanes square_scale =
            static_cast<float>(1 / (1 - std::pow(options_.beta2, iteration_)));
        std::array<float, kLaneCount> rates;
        for (int lane = 0; lane < kLaneCount; ++lane) {
            rates[lane] = rates_[lane / 2];
        }
        const Lanes rate = Lanes::load(rates.data()) * mean_scale;
        const Lanes epsilon = static_cast<float>(options_.epsilon);
        for (int i = 0; i < kCount; ++i) {
            const Lanes g = gradient[i];
            mean_[i] = fma(beta1, mean_[i], Lanes(1 - beta1) * g);
            mean_square_[i] = fma(beta2, mean_square_[i], Lanes(1 - beta2) * g * g);
            variables[i] -= rate * mean_[i] / (sqrt(square_scale * mean_square_[i]) + epsilon);
        }
    }

  private:
    void follow_plateau(double energy, int pair) {
        double& best = best_[pair];
        if (std::isinf(best) || energy < best - options_.relative_threshold * std::abs(best)) {
            best = energy;
            without_lower_[pair] = 0;
        } else if (++without_lower_[pair] > options_.plateau_patience) {
            rates_[pair] = static_cast<float>(
                std::max(rates_[pair] * options_.learning_rate_factor, options_.min_learning_rate));
            without_lower_[pair] = 0;
        }
    }

    AdamOptions options_;
    std::array<Lanes, kCount> mean_, mean_square_;
    std::array<double, kPairLanes> best_{};
    std::array<int, kPairLanes> without_lower_{};
    std::array<float, kPairLanes> rates_{};
    int iteration_ = 0;
};

} // namespace rih
