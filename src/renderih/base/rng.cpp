// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/rng.h"

#include <cmath>
#include <numbers>

namespace rih {

double Rng::normal() {
    const double u = 1.0 - uniform(); // in (0, 1], so that the logarithm is finite
    const double v = uniform();
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

double Rng::truncated_normal(double limit) {
    for (;;) {
        const double x = normal();
        if (std::abs(x) <= limit) {
            return x;
        }
    }
}

} // namespace rih
