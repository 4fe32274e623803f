// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/noise_reduction.h"

#include "renderih/math/vec.h"

#include <algorithm>
#include <array>

namespace rih {

namespace {

constexpr int kReach = 2;
constexpr std::array<float, 5> kB3{1 / 16.0f, 1 / 4.0f, 3 / 8.0f, 1 / 4.0f, 1 / 16.0f};
/// Differences of luminance beyond this many standard deviations are edges.
constexpr float kEdge = 4;

} // namespace

ImageF reduce_noise(const ImageF& rgb, const NoiseLevel& level, const NoiseReduction& strength) {
    if (strength.luminance <= 0 && strength.colour <= 0) {
        return rgb;
    }
    const int width = rgb.width(), height = rgb.height();
    ImageF light(width, height, 1);
    for (std::size_t i = 0; i < light.values().size(); ++i) {
        const float* v = &rgb.values()[3 * i];
        light.values()[i] = luminance({v[0], v[1], v[2]});
    }
    const auto shot = static_cast<float>(level.shot);
    const auto read2 = static_cast<float>(level.read * level.read);
    const auto keep_light = static_cast<float>(strength.luminance);
    const auto keep_colour = static_cast<float>(strength.colour);
    ImageF result(width, height, 3);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const float own = light.at(x, y);
            const float variance = 2 * (shot * std::max(own, 0.0f) + read2) + 1e-12f;
            float weights = 0, mean = 0;
            std::array<float, 3> colour{}; // R, G, B less the luminance
            for (int j = -kReach; j <= kReach; ++j) {
                const int row = std::clamp(y + j, 0, height - 1);
                for (int i = -kReach; i <= kReach; ++i) {
                    const int column = std::clamp(x + i, 0, width - 1);
                    const float there = light.at(column, row);
                    const float off = (there - own) * (there - own) / (kEdge * kEdge * variance);
                    if (off >= 1) {
                        continue;
                    }
                    const float w = kB3[static_cast<std::size_t>(i + kReach)] *
                                    kB3[static_cast<std::size_t>(j + kReach)] * (1 - off) *
                                    (1 - off);
                    weights += w;
                    mean += w * there;
                    for (int c = 0; c < 3; ++c) {
                        colour[static_cast<std::size_t>(c)] += w * (rgb.at(column, row, c) - there);
                    }
                }
            }
            const float smooth = own + keep_light * (mean / weights - own);
            for (int c = 0; c < 3; ++c) {
                const float difference = rgb.at(x, y, c) - own;
                result.at(x, y, c) =
                    smooth + difference +
                    keep_colour * (colour[static_cast<std::size_t>(c)] / weights - difference);
            }
        }
    }
    return result;
}

} // namespace rih
