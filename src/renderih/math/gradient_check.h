// SPDX-License-Identifier: Apache-2.0
// The one finite-difference harness that every derivative passes. It differentiates a value
// numerically, parameter by parameter, and names those where the analytic gradient differs.
#pragma once

#include "renderih/base/error.h"
#include "renderih/math/types.h"

#include <cmath>
#include <functional>
#include <string>
#include <vector>

namespace rih {

struct GradientCheckOptions {
    double step = 1e-4;      ///< in the parameters' unit; the stencil spans +-2 steps
    double tolerance = 1e-7; ///< |difference| allowed, relative to the larger of both
    double floor = 1e-9;     ///< |difference| that is always allowed (rounding of the value)
};

/// Compares `gradient` with the central difference of `value` at `point` (fourth order:
/// (8 (f(+h) - f(-h)) - (f(+2h) - f(-2h))) / 12 h). Returns a line for every parameter that
/// differs - its name, both values, the relative error - and an empty text when all agree, so that
/// a test says EXPECT_EQ(check_gradient(...), "").
inline std::string check_gradient(const std::vector<std::string>& names,
                                  const VecX& point,
                                  const std::function<double(const VecX&)>& value,
                                  const VecX& gradient,
                                  const GradientCheckOptions& options = {}) {
    RIH_ASSERT(std::ssize(names) == point.size() && gradient.size() == point.size(),
               "{} names and {} derivatives for {} parameters",
               names.size(),
               gradient.size(),
               point.size());
    std::string report;
    for (Eigen::Index i = 0; i < point.size(); ++i) {
        const auto value_at = [&](double steps) {
            VecX moved = point;
            moved[i] += steps * options.step;
            return value(moved);
        };
        const double numeric =
            (8 * (value_at(1) - value_at(-1)) - (value_at(2) - value_at(-2))) / (12 * options.step);
        const double difference = std::abs(gradient[i] - numeric);
        const double scale = std::max(std::abs(gradient[i]), std::abs(numeric));
        // Written so that a NaN fails.
        if (!(difference <= options.floor + options.tolerance * scale)) {
            report += fmt::format("{}: analytic {:.12g}, numeric {:.12g}, relative error {:.3g}\n",
                                  names[static_cast<std::size_t>(i)],
                                  gradient[i],
                                  numeric,
                                  scale > 0 ? difference / scale : difference);
        }
    }
    return report;
}

} // namespace rih
