// SPDX-License-Identifier: Apache-2.0
// What is known of a picture's noise before it is filtered: lucky paths, and the variance.
#include "renderih/image/denoiser.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

/// Replaces every value by the sum over the 7x7 values around it.
template <typename T>
void box_sum(std::vector<T>& values, int width, int height) {
    std::vector<T> rows(values.size());
    for (const bool along_x : {true, false}) {
        const std::vector<T>& from = along_x ? values : rows;
        std::vector<T>& to = along_x ? rows : values;
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) {
                T sum{};
                for (int d = -3; d <= 3; ++d) {
                    const int qx = along_x ? x + d : x, qy = along_x ? y : y + d;
                    if (qx >= 0 && qx < width && qy >= 0 && qy < height) {
                        sum += from[static_cast<std::size_t>(qy) * width + qx];
                    }
                }
                to[static_cast<std::size_t>(y) * width + x] = sum;
            }
        }
    }
}

} // namespace

/// A channel far above nearly all of the 7x7 pixels around it is one lucky path. A true highlight
/// is wider than a pixel and lifts the percentile with it.
void Denoiser::cut_fireflies() {
    // Quick to compare with: only where a channel stands out of the mean, sort.
    std::vector<Vec3f> mean(light_.size());
    std::vector<float> counts(light_.size());
    for_each_inner([&](int, int, std::size_t i) {
        mean[i] = light_[i].rgb;
        counts[i] = 1;
    });
    box_sum(mean, width_, height_);
    box_sum(counts, width_, height_);

    next_ = light_;
    const auto factor = static_cast<float>(options_.firefly_factor);
    std::vector<float> around;
    for_each_inner([&](int x, int y, std::size_t i) {
        for (int c = 0; c < 3; ++c) {
            float& value = next_[i].rgb[c];
            if (value <= 1.5f * mean[i][c] / counts[i]) {
                continue;
            }
            around.clear();
            for (int qy = std::max(y - 3, 0); qy <= std::min(y + 3, height_ - 1); ++qy) {
                for (int qx = std::max(x - 3, 0); qx <= std::min(x + 3, width_ - 1); ++qx) {
                    const std::size_t j = index(qx, qy);
                    if (j != i && same_inner(i, j)) {
                        around.push_back(light_[j].rgb[c]);
                    }
                }
            }
            if (around.size() < 8) {
                continue; // too few to tell
            }
            const auto rank = around.begin() + static_cast<std::ptrdiff_t>(around.size() * 9 / 10);
            std::nth_element(around.begin(), rank, around.end());
            if (*rank > 0) {
                value = std::min(value, factor * *rank);
            }
        }
    });
    light_.swap(next_);
}

/// Two estimates, and each can only be too great: neighbours also differ in fine detail, and halves
/// of a pixel's samples in what the whole of them averages evenly. So the smaller one.
void Denoiser::estimate_variance() {
    variance_by_neighbours();
    if (guides_.noise != nullptr && !guides_.noise->empty()) {
        limit_variance_by_samples(*guides_.noise);
    }
}

/// The mean square of the noise over 7x7, of whichever hand.
void Denoiser::limit_variance_by_samples(const ImageF& noise) {
    std::vector<float> squares(light_.size()), counts(light_.size());
    for_each_inner([&](int, int, std::size_t i) {
        const Vec3f error = pixel(noise, i), a = albedo(i);
        // A lucky path that was cut off is no noise any more.
        const float off =
            std::min(std::abs(luminance({error.x / a.x, error.y / a.y, error.z / a.z})),
                     light_[i].luminance);
        squares[i] = off * off;
        counts[i] = 1;
    });
    box_sum(squares, width_, height_);
    box_sum(counts, width_, height_);
    for_each_inner([&](int, int, std::size_t i) {
        light_[i].variance = std::min(light_[i].variance, squares[i] / counts[i]);
    });
}

/// Half the mean square difference of neighbours is the variance of white noise, and shading has
/// little part in it. The edge of a shadow has: but one that runs along x is not met by pairs along
/// x, so the smaller of the two directions counts. Pairs within 7x7, of whichever hand.
void Denoiser::variance_by_neighbours() {
    struct Pairs {
        float square = 0, count = 0;
        Pairs& operator+=(const Pairs& other) {
            square += other.square;
            count += other.count;
            return *this;
        }
    };
    std::vector<Pairs> along_x(light_.size()), along_y(light_.size());
    for_each_inner([&](int x, int y, std::size_t i) {
        const auto pair = [&](std::size_t j) {
            const float d = light_[j].luminance - light_[i].luminance;
            return same_inner(i, j) ? Pairs{d * d, 1} : Pairs{};
        };
        along_x[i] = x + 1 < width_ ? pair(index(x + 1, y)) : Pairs{};
        along_y[i] = y + 1 < height_ ? pair(index(x, y + 1)) : Pairs{};
    });
    box_sum(along_x, width_, height_);
    box_sum(along_y, width_, height_);
    for_each_inner([&](int, int, std::size_t i) {
        const Pairs &h = along_x[i], &v = along_y[i];
        const float by_x = h.square / std::max(h.count, 1.0f);
        const float by_y = v.square / std::max(v.count, 1.0f);
        light_[i].variance = 0.5f * (h.count < 4   ? by_y
                                     : v.count < 4 ? by_x
                                                   : std::min(by_x, by_y));
    });
}

} // namespace rih
