// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/data/picture_warp.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace rih::learn {

namespace {

constexpr int kChannels = 3;

/// The mean over blocks of `step` x `step` pixels; what is left over at the right and below counts
/// as black beyond the picture's edge.
Image8 averaged(const Image8& picture, int step) {
    const int width = (picture.width() + step - 1) / step;
    const int height = (picture.height() + step - 1) / step;
    Image8 small(width, height, kChannels);
    std::vector<std::uint32_t> sums;
    const auto area = static_cast<std::uint32_t>(step) * static_cast<std::uint32_t>(step);
    for (int y = 0; y < height; ++y) {
        sums.assign(static_cast<std::size_t>(width) * kChannels, area / 2); // rounds
        for (int row = y * step; row < std::min((y + 1) * step, picture.height()); ++row) {
            const std::uint8_t* from = &picture.at(0, row);
            for (int x = 0; x < width; ++x) {
                std::uint32_t* sum = &sums[static_cast<std::size_t>(x) * kChannels];
                const int count = std::min(step, picture.width() - x * step);
                for (int i = 0; i < count; ++i, from += kChannels) {
                    sum[0] += from[0];
                    sum[1] += from[1];
                    sum[2] += from[2];
                }
            }
        }
        std::ranges::transform(sums, &small.at(0, y), [&](std::uint32_t sum) {
            return static_cast<std::uint8_t>(sum / area);
        });
    }
    return small;
}

/// Bilinear at (x, y), counted from the middle of the first pixel; black outside.
std::array<float, kChannels> sample(const Image8& picture, float x, float y) {
    const float left = std::floor(x), top = std::floor(y);
    const float right_share = x - left, low_share = y - top;
    const int column = static_cast<int>(left), row = static_cast<int>(top);
    std::array<float, kChannels> colour{};
    for (int j = 0; j < 2; ++j) {
        for (int i = 0; i < 2; ++i) {
            const int px = column + i, py = row + j;
            if (px < 0 || py < 0 || px >= picture.width() || py >= picture.height()) {
                continue;
            }
            const float weight =
                (i == 0 ? 1 - right_share : right_share) * (j == 0 ? 1 - low_share : low_share);
            for (int c = 0; c < kChannels; ++c) {
                colour[static_cast<std::size_t>(c)] += weight * picture.at(px, py, c);
            }
        }
    }
    return colour;
}

/// The places of one row of the crop on the picture: `first` + i `step`, counted from the middle of
/// the picture's first pixel.
struct RowOfPlaces {
    Vec2 first, step;
};

/// The pixels [begin, end) of a row whose four neighbours all lie on the picture.
std::pair<int, int> inner_range(const RowOfPlaces& row, const Image8& picture, int size) {
    constexpr double kMargin = 0.01; // pixels; a float's rounding is far less
    const Vec2 most(picture.width() - 1 - kMargin, picture.height() - 1 - kMargin);
    double begin = 0, end = size;
    for (Eigen::Index axis = 0; axis < 2; ++axis) {
        const double from = kMargin - row.first[axis], to = most[axis] - row.first[axis];
        const double step = row.step[axis];
        if (step == 0) {
            end = from <= 0 && to >= 0 ? end : 0;
        } else {
            begin = std::max(begin, std::ceil(std::min(from / step, to / step)));
            end = std::min(end, std::floor(std::max(from / step, to / step)) + 1);
        }
    }
    const int first = static_cast<int>(std::clamp<double>(begin, 0, size));
    return {first, static_cast<int>(std::clamp<double>(end, first, size))};
}

/// Looks up pixels [begin, end) of a row, none of which needs what is beyond the picture's edge.
void sample_inner(const Image8& picture,
                  const RowOfPlaces& row,
                  int begin,
                  int end,
                  const std::array<float*, kChannels>& out) {
    const std::uint8_t* pixels = picture.values().data();
    const int stride = kChannels * picture.width();
    const auto x0 = static_cast<float>(row.first.x()), y0 = static_cast<float>(row.first.y());
    const auto dx = static_cast<float>(row.step.x()), dy = static_cast<float>(row.step.y());
    for (int i = begin; i < end; ++i) {
        const float x = x0 + static_cast<float>(i) * dx, y = y0 + static_cast<float>(i) * dy;
        const int column = static_cast<int>(x), line = static_cast<int>(y);
        const float right = x - static_cast<float>(column), low = y - static_cast<float>(line);
        const std::uint8_t* upper = pixels + line * stride + column * kChannels;
        const std::uint8_t* lower = upper + stride;
        const float d = right * low, c = low - d, b = right - d, a = 1 - right - c;
        for (int k = 0; k < kChannels; ++k) {
            out[static_cast<std::size_t>(k)][i] =
                a * upper[k] + b * upper[k + kChannels] + c * lower[k] + d * lower[k + kChannels];
        }
    }
}

} // namespace

std::vector<float>
warped(const Image8& picture, const Crop& crop, int size, const Augmentation& augmentation) {
    RIH_ASSERT(picture.channels() == kChannels, "a picture of {} channels", picture.channels());
    Eigen::Matrix2d picture_from_crop = crop.crop_from_picture.leftCols<2>().inverse();
    Vec2 origin = -picture_from_crop * crop.crop_from_picture.col(2);
    // Blocks about as wide as a pixel of the crop is on the picture.
    const double shrink = std::sqrt(std::abs(picture_from_crop.determinant()));
    const double most = std::max(picture.width(), picture.height());
    const int step = static_cast<int>(std::clamp(std::round(shrink), 1.0, most));
    Image8 small;
    if (step > 1) {
        small = averaged(picture, step);
        picture_from_crop /= step;
        origin /= step;
    }
    const Image8& source = step > 1 ? small : picture;

    const auto plane = static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
    std::vector<float> pixels(kChannels * plane);
    // Far outside nothing is to be seen, and a float must still fit an int.
    const float far = static_cast<float>(most) + 2;
    for (int y = 0; y < size; ++y) {
        const Vec2 first = picture_from_crop * Vec2(0.5, y + 0.5) + origin - Vec2(0.5, 0.5);
        const RowOfPlaces row{first, picture_from_crop.col(0)};
        std::array<float*, kChannels> out{};
        for (std::size_t c = 0; c < kChannels; ++c) {
            out[c] = pixels.data() + c * plane +
                     static_cast<std::size_t>(y) * static_cast<std::size_t>(size);
        }
        const auto [begin, end] = inner_range(row, source, size);
        sample_inner(source, row, begin, end, out);
        const auto sample_outer = [&](int from, int to) {
            for (int x = from; x < to; ++x) {
                const Vec2 at = row.first + x * row.step;
                const auto colour = sample(source,
                                           std::clamp(static_cast<float>(at.x()), -2.0F, far),
                                           std::clamp(static_cast<float>(at.y()), -2.0F, far));
                for (std::size_t c = 0; c < kChannels; ++c) {
                    out[c][x] = colour[c];
                }
            }
        };
        sample_outer(0, begin);
        sample_outer(end, size);
    }
    const auto offset = static_cast<float>(augmentation.offset);
    for (std::size_t c = 0; c < kChannels; ++c) {
        const auto gain = static_cast<float>(augmentation.gain[c] / 255);
        for (float& value : std::span(pixels).subspan(c * plane, plane)) {
            value = std::clamp(value * gain + offset, 0.0F, 1.0F);
        }
    }
    if (augmentation.noise > 0) {
        Rng rng(augmentation.noise_seed, 0, "noise");
        for (float& value : pixels) {
            value = std::clamp(
                value + static_cast<float>(augmentation.noise * rng.normal()), 0.0F, 1.0F);
        }
    }
    return pixels;
}

} // namespace rih::learn
