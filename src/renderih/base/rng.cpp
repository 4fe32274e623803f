// SPDX-License-Identifier: Apache-2.0
#include "renderih/base/rng.h"

#include <cmath>
#include <numbers>

namespace rih {

double Rng::normal() {
    return normal_pair()[0];
}

std::array<double, 2> Rng::normal_pair() { // Box and Muller 1958
    const double u = 1.0 - uniform();      // in (0, 1], so that the logarithm is finite
    const double angle = 2.0 * std::numbers::pi * uniform();
    const double radius = std::sqrt(-2.0 * std::log(u));
    return {radius * std::cos(angle), radius * std::sin(angle)};
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
