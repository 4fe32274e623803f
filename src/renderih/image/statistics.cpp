// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/statistics.h"

#include "renderih/base/error.h"
#include "renderih/image/colour.h"
#include "renderih/math/types.h"
#include "renderih/math/vec.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

namespace rih {

namespace {

constexpr int kPatch = 16; // pixels

/// In place, of a power of two: Cooley and Tukey 1965.
void fourier(std::vector<std::complex<double>>& values) {
    const std::size_t n = values.size();
    for (std::size_t i = 1, j = 0; i < n; ++i) {
        std::size_t bit = n >> 1;
        for (; (j & bit) != 0; bit >>= 1) {
            j ^= bit;
        }
        j ^= bit;
        if (i < j) {
            std::swap(values[i], values[j]);
        }
    }
    for (std::size_t length = 2; length <= n; length *= 2) {
        const double angle = -2 * kPi / static_cast<double>(length);
        for (std::size_t k = 0; k < length / 2; ++k) {
            const auto turn = std::polar(1.0, angle * static_cast<double>(k));
            for (std::size_t i = k; i < n; i += length) {
                const auto odd = turn * values[i + length / 2];
                values[i + length / 2] = values[i] - odd;
                values[i] += odd;
            }
        }
    }
}

double spectrum_slope(const ImageF& luminance) {
    int side = 64;
    while (2 * side <= std::min(luminance.width(), luminance.height())) {
        side *= 2;
    }
    const int left = (luminance.width() - side) / 2, top = (luminance.height() - side) / 2;
    double mean = 0, weights = 0;
    const auto hann = [&](int i) { return 0.5 - 0.5 * std::cos(2 * kPi * (i + 0.5) / side); };
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            mean += hann(x) * hann(y) * static_cast<double>(luminance.at(left + x, top + y));
            weights += hann(x) * hann(y);
        }
    }
    mean /= weights;
    std::vector<std::vector<std::complex<double>>> rows(static_cast<std::size_t>(side));
    for (int y = 0; y < side; ++y) {
        auto& row = rows[static_cast<std::size_t>(y)];
        for (int x = 0; x < side; ++x) {
            row.emplace_back(hann(x) * hann(y) *
                             (static_cast<double>(luminance.at(left + x, top + y)) - mean));
        }
        fourier(row);
    }
    // Mean power over rings of a quarter octave.
    constexpr int kRingsPerOctave = 4;
    std::vector<double> power(64), count(64);
    std::vector<std::complex<double>> column(static_cast<std::size_t>(side));
    for (int u = 0; u < side; ++u) {
        for (int y = 0; y < side; ++y) {
            column[static_cast<std::size_t>(y)] =
                rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(u)];
        }
        fourier(column);
        for (int v = 0; v < side; ++v) {
            const double fx = static_cast<double>(u < side / 2 ? u : u - side) / side;
            const double fy = static_cast<double>(v < side / 2 ? v : v - side) / side;
            const double f = std::hypot(fx, fy);
            if (f >= 1.0 / 32 && f < 0.25) {
                const auto ring = static_cast<std::size_t>(kRingsPerOctave * std::log2(32 * f));
                power[ring] += std::norm(column[static_cast<std::size_t>(v)]);
                count[ring] += 1;
            }
        }
    }
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (std::size_t ring = 0; ring < power.size(); ++ring) {
        if (count[ring] == 0) {
            continue;
        }
        const double x = (static_cast<double>(ring) + 0.5) / kRingsPerOctave * std::log(2.0);
        const double y = std::log(power[ring] / count[ring] + 1e-30);
        n += 1;
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
    }
    return -(n * sxy - sx * sy) / (n * sxx - sx * sx);
}

double gradient_kurtosis(const ImageF& luminance) {
    std::vector<double> differences;
    const auto log_at = [&](int x, int y) {
        return std::log(std::max(static_cast<double>(luminance.at(x, y)), 1e-3));
    };
    double mean = 0;
    for (int y = 0; y < luminance.height(); ++y) {
        for (int x = 0; x + 1 < luminance.width(); ++x) {
            differences.push_back(log_at(x + 1, y) - log_at(x, y));
            mean += differences.back();
        }
    }
    mean /= static_cast<double>(differences.size());
    double second = 0, fourth = 0;
    for (const double d : differences) {
        const double square = (d - mean) * (d - mean);
        second += square;
        fourth += square * square;
    }
    return second > 0 ? fourth * static_cast<double>(differences.size()) / (second * second) : 0;
}

double quantile(std::vector<double> values, double part) {
    if (values.empty()) {
        return 0;
    }
    const auto rank =
        static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1) + 0.5);
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values[static_cast<std::size_t>(rank)];
}

void local_contrast(const ImageF& luminance, ImageStatistics& statistics) {
    std::vector<double> contrasts;
    for (int top = 0; top + kPatch <= luminance.height(); top += kPatch) {
        for (int left = 0; left + kPatch <= luminance.width(); left += kPatch) {
            double sum = 0, square = 0;
            for (int i = 0; i < kPatch * kPatch; ++i) {
                const double value =
                    static_cast<double>(luminance.at(left + i % kPatch, top + i / kPatch));
                sum += value;
                square += value * value;
            }
            const double mean = sum / (kPatch * kPatch);
            const double variance = std::max(square / (kPatch * kPatch) - mean * mean, 0.0);
            if (mean > 1e-4) {
                contrasts.push_back(std::sqrt(variance) / mean);
            }
        }
    }
    statistics.local_contrast = quantile(contrasts, 0.5);
    statistics.local_contrast_range =
        quantile(contrasts, 0.975) / std::max(quantile(contrasts, 0.025), 1e-3);
}

void colour_spread(const ImageF& linear, ImageStatistics& statistics) {
    // Linear Rec.709 to cone responses L, M, S (Reinhard et al., "Color transfer between images",
    // 2001), log10, then the axes of Ruderman et al.
    double sum[3] = {0, 0, 0}, square[3] = {0, 0, 0};
    const std::size_t pixels = linear.values().size() / 3;
    for (std::size_t i = 0; i < pixels; ++i) {
        const double r = static_cast<double>(linear.values()[3 * i]);
        const double g = static_cast<double>(linear.values()[3 * i + 1]);
        const double b = static_cast<double>(linear.values()[3 * i + 2]);
        const auto log_of = [](double x) { return std::log10(std::max(x, 1e-3)); };
        const double l = log_of(0.3811 * r + 0.5783 * g + 0.0402 * b);
        const double m = log_of(0.1967 * r + 0.7244 * g + 0.0782 * b);
        const double s = log_of(0.0241 * r + 0.1288 * g + 0.8444 * b);
        const double axes[3] = {(l + m + s) / std::sqrt(3.0),
                                (l + m - 2 * s) / std::sqrt(6.0),
                                (l - m) / std::sqrt(2.0)};
        for (int c = 0; c < 3; ++c) {
            sum[c] += axes[c];
            square[c] += axes[c] * axes[c];
        }
    }
    double* const sd[3] = {&statistics.sd_l, &statistics.sd_alpha, &statistics.sd_beta};
    for (int c = 0; c < 3; ++c) {
        const double mean = sum[c] / static_cast<double>(pixels);
        *sd[c] = std::sqrt(std::max(square[c] / static_cast<double>(pixels) - mean * mean, 0.0));
    }
}

double noise_levels(const Image8& srgb) {
    const auto luma = [&](int x, int y) {
        return 0.299 * srgb.at(x, y, 0) + 0.587 * srgb.at(x, y, 1) + 0.114 * srgb.at(x, y, 2);
    };
    std::vector<double> patches;
    for (int top = 1; top + kPatch < srgb.height(); top += kPatch) {
        for (int left = 1; left + kPatch < srgb.width(); left += kPatch) {
            double sum = 0, mean = 0;
            for (int i = 0; i < kPatch * kPatch; ++i) {
                const int x = left + i % kPatch, y = top + i / kPatch;
                // Blind to constants, ramps and the curvature of a paraboloid.
                const double response = luma(x - 1, y - 1) - 2 * luma(x, y - 1) +
                                        luma(x + 1, y - 1) - 2 * luma(x - 1, y) + 4 * luma(x, y) -
                                        2 * luma(x + 1, y) + luma(x - 1, y + 1) -
                                        2 * luma(x, y + 1) + luma(x + 1, y + 1);
                sum += std::abs(response);
                mean += luma(x, y);
            }
            mean /= kPatch * kPatch;
            if (mean > 8 && mean < 247) { // neither black nor burnt out
                patches.push_back(std::sqrt(kPi / 2) / 6 * sum / (kPatch * kPatch));
            }
        }
    }
    return quantile(patches, 0.1);
}

} // namespace

ImageStatistics image_statistics(const Image8& srgb) {
    RIH_REQUIRE(srgb.channels() == 3 && srgb.width() >= 64 && srgb.height() >= 64,
                "image statistics: a picture of {} x {} pixels and {} channels; it must have 3 and "
                "sides of 64 or more",
                srgb.width(),
                srgb.height(),
                srgb.channels());
    const ImageF linear = linear_from_srgb8(srgb);
    ImageF light(srgb.width(), srgb.height(), 1);
    for (std::size_t i = 0; i < light.values().size(); ++i) {
        const float* v = &linear.values()[3 * i];
        light.values()[i] = luminance({v[0], v[1], v[2]});
    }
    ImageStatistics statistics;
    statistics.spectrum_slope = spectrum_slope(light);
    statistics.gradient_kurtosis = gradient_kurtosis(light);
    local_contrast(light, statistics);
    colour_spread(linear, statistics);
    statistics.noise_levels = noise_levels(srgb);
    return statistics;
}

} // namespace rih
