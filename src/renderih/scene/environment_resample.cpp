// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/environment_resample.h"

#include "renderih/base/error.h"
#include "renderih/scene/environment.h"

#include <array>
#include <cmath>
#include <vector>

namespace rih {

namespace {

/// Weights of the four texels about a point `t` in [0, 1) past the second one's centre.
std::array<double, 4> b_spline_weights(double t) {
    const double s = 1 - t;
    return {s * s * s / 6,
            (4 - 6 * t * t + 3 * t * t * t) / 6,
            (4 - 6 * s * s + 3 * s * s * s) / 6,
            t * t * t / 6};
}

/// The texel that (x, y) means on a sphere.
std::array<int, 2> wrapped(int x, int y, int width, int height) {
    if (y < 0 || y >= height) {
        y = y < 0 ? -1 - y : 2 * height - 1 - y;
        x += width / 2;
    }
    return {(x % width + width) % width, y};
}

std::array<double, 3> mean_radiance(const ImageF& map) {
    std::array<double, 3> sum{};
    double weight = 0;
    for (int y = 0; y < map.height(); ++y) {
        const double solid_angle = pixel_solid_angle(map.width(), map.height(), y);
        weight += solid_angle * map.width();
        for (int x = 0; x < map.width(); ++x) {
            for (int c = 0; c < 3; ++c) {
                sum[c] += solid_angle * map.at(x, y, c);
            }
        }
    }
    return {sum[0] / weight, sum[1] / weight, sum[2] / weight};
}

/// One scale a channel that gives `map` the mean.
void set_mean_radiance(const std::array<double, 3>& mean, ImageF& map) {
    const auto before = mean_radiance(map);
    std::array<float, 3> scale{};
    for (std::size_t c = 0; c < 3; ++c) {
        scale[c] = static_cast<float>(before[c] > 0 ? mean[c] / before[c] : 1);
    }
    for (std::size_t i = 0; i < map.values().size(); i += 3) {
        for (std::size_t c = 0; c < 3; ++c) {
            map.values()[i + c] *= scale[c];
        }
    }
}

/// The smooth map at the texels' own centres.
ImageF smooth_at_centres(const ImageF& map) {
    constexpr std::array<double, 3> kAtCentre{1.0 / 6, 4.0 / 6, 1.0 / 6}; // B-spline
    ImageF smooth(map.width(), map.height(), 3);
    for (int y = 0; y < map.height(); ++y) {
        for (int x = 0; x < map.width(); ++x) {
            std::array<double, 3> sum{};
            for (int j = 0; j < 3; ++j) {
                for (int i = 0; i < 3; ++i) {
                    const auto [tx, ty] = wrapped(x + i - 1, y + j - 1, map.width(), map.height());
                    for (int c = 0; c < 3; ++c) {
                        sum[c] += kAtCentre[i] * kAtCentre[j] * map.at(tx, ty, c);
                    }
                }
            }
            for (int c = 0; c < 3; ++c) {
                smooth.at(x, y, c) = static_cast<float>(sum[c]);
            }
        }
    }
    return smooth;
}

constexpr int kMargin = 2; // texels beyond either end of a row

/// What a pixel of the enlarged row takes of the small one.
struct Taps {
    std::size_t first = 0; // of four, in a row with its margin
    std::array<double, 4> weights;
};

std::vector<Taps> taps_of(int pixels, int factor) {
    std::vector<Taps> taps;
    for (int x = 0; x < pixels; ++x) {
        const double u = (x + 0.5) / factor - 0.5;
        const int left = static_cast<int>(std::floor(u)) - 1;
        taps.push_back(
            {static_cast<std::size_t>(left + kMargin), b_spline_weights(u - std::floor(u))});
    }
    return taps;
}

} // namespace

Environment smoothly_enlarged(const Environment& environment, int factor) {
    RIH_REQUIRE(factor >= 1 && factor <= 16, "factor is {}; it must lie in 1 .. 16", factor);
    const ImageF& map = environment.radiance;
    Environment enlarged;
    enlarged.name = environment.name;
    enlarged.light = smooth_at_centres(map);
    enlarged.radiance = ImageF(factor * map.width(), factor * map.height(), 3);
    const auto width = static_cast<std::size_t>(map.width());
    const std::vector<Taps> across = taps_of(enlarged.radiance.width(), factor);
    std::vector<std::array<double, 3>> line(width + 2 * kMargin); // the map between its rows
    for (int y = 0; y < enlarged.radiance.height(); ++y) {
        const double v = (y + 0.5) / factor - 0.5; // in texels, from the first one's centre
        const auto wy = b_spline_weights(v - std::floor(v));
        const int top = static_cast<int>(std::floor(v)) - 1;
        for (int x = -kMargin; x < map.width() + kMargin; ++x) {
            std::array<double, 3> sum{};
            for (int j = 0; j < 4; ++j) {
                const auto [tx, ty] = wrapped(x, top + j, map.width(), map.height());
                for (int c = 0; c < 3; ++c) {
                    sum[c] += wy[j] * map.at(tx, ty, c);
                }
            }
            line[static_cast<std::size_t>(x + kMargin)] = sum;
        }
        for (int x = 0; x < enlarged.radiance.width(); ++x) {
            const Taps& taps = across[static_cast<std::size_t>(x)];
            std::array<double, 3> sum{};
            for (std::size_t i = 0; i < 4; ++i) {
                for (int c = 0; c < 3; ++c) {
                    sum[c] += taps.weights[i] * line[taps.first + i][c];
                }
            }
            for (int c = 0; c < 3; ++c) {
                enlarged.radiance.at(x, y, c) = static_cast<float>(sum[c]);
            }
        }
    }
    for (ImageF* image : {&enlarged.radiance, &enlarged.light}) {
        set_mean_radiance(mean_radiance(map), *image);
    }
    return enlarged;
}

} // namespace rih
