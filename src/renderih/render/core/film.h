// SPDX-License-Identifier: Apache-2.0
// A pixel of the film: the mean of its samples over its square (box filter), and how far the means
// of their halves lie apart.
#pragma once

#include "renderih/math/vec.h"

#include <cmath>

namespace rih {

/// The film's place, in pixels, of a point of the unit square in pixel (x, y).
RIH_HD inline Vec2f film_place(int x, int y, Vec2f in_pixel) {
    return {static_cast<float>(x) + in_pixel.x, static_cast<float>(y) + in_pixel.y};
}

/// Sums in double: many samples of a bright light lose nothing.
struct FilmPixel {
    int spp = 1;
    double sum[3] = {0, 0, 0}, first_half[3] = {0, 0, 0};

    RIH_HD int half() const { return spp / 2; }

    /// Sample i of 0 .. spp - 1, in this order.
    RIH_HD void add(int i, Vec3f value) {
        for (int c = 0; c < 3; ++c) {
            sum[c] += static_cast<double>(value[c]);
            first_half[c] = i < half() ? sum[c] : first_half[c];
        }
    }
    RIH_HD float mean(int c) const { return static_cast<float>(sum[c] / spp); }
    /// A number whose square is the variance of mean() in expectation: the variance of a mean of n
    /// samples is a b / n^2 times that of the difference between the means of a and b of them. Of 2
    /// samples or more.
    RIH_HD float noise(int c) const {
        const double rest = spp - half(), scale = std::sqrt(half() * rest) / spp;
        return static_cast<float>(scale *
                                  (first_half[c] / half() - (sum[c] - first_half[c]) / rest));
    }
};

} // namespace rih
