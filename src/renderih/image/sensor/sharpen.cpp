// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/sharpen.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace rih {

ImageF sharpened(const ImageF& encoded, const Sharpening& sharpening) {
    if (sharpening.amount <= 0) {
        return encoded;
    }
    const int width = encoded.width(), height = encoded.height();
    ImageF luma(width, height, 1);
    for (std::size_t i = 0; i < luma.values().size(); ++i) { // Rec.601, as JPEG's
        const float* v = &encoded.values()[3 * i];
        luma.values()[i] = 0.299f * v[0] + 0.587f * v[1] + 0.114f * v[2];
    }
    const int reach = std::max(1, static_cast<int>(std::ceil(2.5 * sharpening.radius_px)));
    std::vector<float> taps;
    float sum = 0;
    for (int i = -reach; i <= reach; ++i) {
        taps.push_back(static_cast<float>(
            std::exp(-0.5 * i * i / (sharpening.radius_px * sharpening.radius_px))));
        sum += taps.back();
    }
    // Beyond the border the picture goes on as it came, turned about the border: ramps stay ramps.
    const auto beyond = [](const ImageF& image, int x, int y) {
        const int cx = std::clamp(x, 0, image.width() - 1),
                  cy = std::clamp(y, 0, image.height() - 1);
        if (cx == x && cy == y) {
            return image.at(x, y);
        }
        const int mx = std::clamp(2 * cx - x, 0, image.width() - 1);
        const int my = std::clamp(2 * cy - y, 0, image.height() - 1);
        return 2 * image.at(cx, cy) - image.at(mx, my);
    };
    ImageF rows(width, height, 1), mask(width, height, 1);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            float value = 0;
            for (int i = -reach; i <= reach; ++i) {
                value += taps[static_cast<std::size_t>(i + reach)] * beyond(luma, x + i, y);
            }
            rows.at(x, y) = value / sum;
        }
    }
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            float value = 0;
            for (int i = -reach; i <= reach; ++i) {
                value += taps[static_cast<std::size_t>(i + reach)] * beyond(rows, x, y + i);
            }
            mask.at(x, y) = value / sum;
        }
    }
    const auto amount = static_cast<float>(sharpening.amount);
    const auto halo = static_cast<float>(sharpening.halo);
    const auto threshold = static_cast<float>(sharpening.threshold);
    ImageF result = encoded;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const float own = luma.at(x, y);
            float low = own, high = own;
            for (int j = std::max(y - 1, 0); j <= std::min(y + 1, height - 1); ++j) {
                for (int i = std::max(x - 1, 0); i <= std::min(x + 1, width - 1); ++i) {
                    low = std::min(low, luma.at(i, j));
                    high = std::max(high, luma.at(i, j));
                }
            }
            const float detail = own - mask.at(x, y);
            const float cored = detail > 0 ? std::max(detail - threshold, 0.0f)
                                           : std::min(detail + threshold, 0.0f);
            const float wanted = std::clamp(own + amount * cored, low - halo, high + halo);
            for (int c = 0; c < 3; ++c) {
                result.at(x, y, c) += wanted - own;
            }
        }
    }
    return result;
}

} // namespace rih
