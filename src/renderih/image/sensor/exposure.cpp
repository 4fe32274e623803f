// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/exposure.h"

#include "renderih/math/vec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace rih {

namespace {

constexpr double kDarkest = 1e-6; // below it the logarithm of a black pixel would rule the mean

Vec3f pixel_of(const ImageF& image, std::size_t i) {
    const float* v = &image.values()[3 * i];
    return {v[0], v[1], v[2]};
}

/// The value that a `part` of them exceed; 0 if there are none.
double quantile_from_top(std::vector<double>& values, double part) {
    if (values.empty()) {
        return 0;
    }
    const auto rank =
        static_cast<std::ptrdiff_t>((1 - part) * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values[static_cast<std::size_t>(rank)];
}

} // namespace

double meter_luminance(const ImageF& radiance, const Image8& hand, double hand_weight) {
    double hand_sum = 0, all_sum = 0;
    std::int64_t hand_pixels = 0;
    const std::size_t pixels = radiance.values().size() / 3;
    for (std::size_t i = 0; i < pixels; ++i) {
        const double value = std::log(std::max<double>(luminance(pixel_of(radiance, i)), kDarkest));
        all_sum += value;
        if (!hand.empty() && hand.values()[i] != 0) {
            hand_sum += value;
            ++hand_pixels;
        }
    }
    const double all = all_sum / std::max<double>(1.0, static_cast<double>(pixels));
    if (hand_pixels == 0) {
        return std::exp(all);
    }
    const double hands = hand_sum / static_cast<double>(hand_pixels);
    return std::exp(hand_weight * hands + (1.0 - hand_weight) * all);
}

double bright_hand_value(const ImageF& rgb, const Image8& hand, double part) {
    std::vector<double> values;
    for (std::size_t i = 0; i < hand.values().size(); ++i) {
        if (hand.values()[i] != 0) {
            values.push_back(static_cast<double>(max_component(pixel_of(rgb, i))));
        }
    }
    return quantile_from_top(values, part);
}

double dark_hand_value(const ImageF& rgb, const Image8& hand) {
    std::array<std::vector<double>, 256> by_hand;
    for (std::size_t i = 0; i < hand.values().size(); ++i) {
        if (hand.values()[i] != 0) {
            by_hand[hand.values()[i]].push_back(static_cast<double>(luminance(pixel_of(rgb, i))));
        }
    }
    double darkest = 0;
    bool found = false;
    for (std::vector<double>& values : by_hand) {
        if (values.empty() || values.size() * 1000 < hand.values().size()) {
            continue; // a sliver
        }
        const double median = quantile_from_top(values, 0.5);
        darkest = found ? std::min(darkest, median) : median;
        found = true;
    }
    return darkest;
}

} // namespace rih
