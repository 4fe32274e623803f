// SPDX-License-Identifier: Apache-2.0
// For tests: Pearson's chi-square test of a sampler of directions or of points of the unit square
// against its own density (pbrt's test for BSDFs is the model).
#pragma once

#include "renderih/math/types.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace rih::testing {

struct ChiSquare {
    double deviation = 0;     ///< of the statistic in standard normals; above 4 is one in 30,000
    double total_density = 0; ///< integral of the density, plus what the sampler left out
};

/// Points of the unit square: `sample()` returns one (or x < 0 for none), `density(x, y)` the
/// claimed density. Bins `nx` x `ny`; each bin's probability by the midpoint rule on sub x sub
/// points. Bins of few expected points are pooled; when the pool holds five standard deviations
/// more than expected, the deviation is infinite.
inline ChiSquare chi_square(const std::function<Vec2()>& sample,
                            const std::function<double(double, double)>& density,
                            int nx,
                            int ny,
                            int count = 200000,
                            int sub = 12) {
    const auto bins = static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny);
    std::vector<double> observed(bins, 0.0), expected(bins, 0.0);
    int none = 0;
    for (int i = 0; i < count; ++i) {
        const Vec2 p = sample();
        if (p.x() < 0) {
            ++none;
            continue;
        }
        const int x = std::min(static_cast<int>(p.x() * nx), nx - 1);
        const int y = std::min(static_cast<int>(p.y() * ny), ny - 1);
        observed[static_cast<std::size_t>(y * nx + x)] += 1;
    }
    double total = 0;
    for (int y = 0; y < ny; ++y) {
        for (int x = 0; x < nx; ++x) {
            double sum = 0;
            for (int j = 0; j < sub; ++j) {
                for (int i = 0; i < sub; ++i) {
                    sum += density((x + (i + 0.5) / sub) / nx, (y + (j + 0.5) / sub) / ny);
                }
            }
            const double probability = sum / (sub * sub) / (nx * ny);
            total += probability;
            expected[static_cast<std::size_t>(y * nx + x)] = probability * count;
        }
    }
    double statistic = 0, pooled_observed = 0, pooled_expected = 0;
    int freedom = -1;
    for (std::size_t i = 0; i < bins; ++i) {
        if (expected[i] < 8) {
            pooled_observed += observed[i];
            pooled_expected += expected[i];
            continue;
        }
        statistic += (observed[i] - expected[i]) * (observed[i] - expected[i]) / expected[i];
        ++freedom;
    }
    // Too few for the statistic, yet a sampler that goes where it should not is caught.
    if (pooled_observed - pooled_expected > 5 * std::sqrt(std::max(pooled_expected, 1.0))) {
        return {std::numeric_limits<double>::infinity(), total + static_cast<double>(none) / count};
    }
    if (pooled_expected > 8) {
        statistic += (pooled_observed - pooled_expected) * (pooled_observed - pooled_expected) /
                     pooled_expected;
        ++freedom;
    }
    // Wilson and Hilferty: the cube root of chi-square / k is nearly normal.
    const double spread = 2.0 / (9.0 * freedom);
    return {(std::cbrt(statistic / freedom) - (1 - spread)) / std::sqrt(spread),
            total + static_cast<double>(none) / count};
}

/// Directions: bins over (azimuth about z, z). `density` is over solid angle; a sample with NaN z
/// is none.
inline ChiSquare chi_square_directions(const std::function<Vec3()>& sample,
                                       const std::function<double(const Vec3&)>& density,
                                       int azimuths = 24,
                                       int heights = 24,
                                       int count = 200000,
                                       int sub = 12) {
    return chi_square(
        [&] {
            const Vec3 d = sample();
            if (std::isnan(d.z())) {
                return Vec2(-1, -1);
            }
            return Vec2((std::atan2(d.y(), d.x()) + kPi) / (2 * kPi),
                        0.5 * (std::min(1.0, std::max(-1.0, d.z())) + 1));
        },
        [&](double x, double y) {
            const double phi = 2 * kPi * x - kPi, z = 2 * y - 1;
            const double r = std::sqrt(1 - z * z);
            return 4 * kPi * density({r * std::cos(phi), r * std::sin(phi), z});
        },
        azimuths,
        heights,
        count,
        sub);
}

} // namespace rih::testing
