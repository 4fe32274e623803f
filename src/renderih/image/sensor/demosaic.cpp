// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/demosaic.h"

#include "renderih/base/error.h"
#include "renderih/image/sensor/raw.h"

#include <algorithm>
#include <array>
#include <limits>

namespace rih {

namespace {

using Kernel = std::array<std::array<float, 5>, 5>; // in sixteenths

constexpr Kernel kGreenAtOther{{{0, 0, -2, 0, 0}, //
                                {0, 0, 4, 0, 0},
                                {-2, 4, 8, 4, -2},
                                {0, 0, 4, 0, 0},
                                {0, 0, -2, 0, 0}}};
/// Red or blue at green, where its own neighbours are left and right; transposed: above and below.
constexpr Kernel kOtherInRow{{{0, 0, 1, 0, 0}, //
                              {0, -2, 0, -2, 0},
                              {-2, 8, 10, 8, -2},
                              {0, -2, 0, -2, 0},
                              {0, 0, 1, 0, 0}}};
/// Red at blue, blue at red.
constexpr Kernel kOtherAtOpposite{{{0, 0, -3, 0, 0}, //
                                   {0, 4, 0, 4, 0},
                                   {-3, 0, 12, 0, -3},
                                   {0, 4, 0, 4, 0},
                                   {0, 0, -3, 0, 0}}};

constexpr Kernel transposed(const Kernel& kernel) {
    Kernel result{};
    for (std::size_t j = 0; j < 5; ++j) {
        for (std::size_t i = 0; i < 5; ++i) {
            result[i][j] = kernel[j][i];
        }
    }
    return result;
}
constexpr Kernel kOtherInColumn = transposed(kOtherInRow);

/// About the border pixel, which keeps the colours of the pattern.
int mirrored(int i, int size) {
    return i < 0 ? -i : (i >= size ? 2 * (size - 1) - i : i);
}

} // namespace

ImageF demosaic(const ImageF& mosaic) {
    RIH_ASSERT(mosaic.channels() == 1 && mosaic.width() >= 3 && mosaic.height() >= 3,
               "demosaic: {} x {} x {}",
               mosaic.width(),
               mosaic.height(),
               mosaic.channels());
    const auto filtered = [&](int x, int y, const Kernel& kernel) {
        float sum = 0, low = std::numeric_limits<float>::max(), high = -low;
        for (int j = 0; j < 5; ++j) {
            const int row = mirrored(y + j - 2, mosaic.height());
            for (int i = 0; i < 5; ++i) {
                const float weight =
                    kernel[static_cast<std::size_t>(j)][static_cast<std::size_t>(i)];
                if (weight == 0) {
                    continue;
                }
                const float value = mosaic.at(mirrored(x + i - 2, mosaic.width()), row);
                sum += weight * value;
                if (weight > 1 && (i != 2 || j != 2)) { // the nearest of the colour looked for
                    low = std::min(low, value);
                    high = std::max(high, value);
                }
            }
        }
        return std::clamp(sum / 16, low, high);
    };
    ImageF rgb(mosaic.width(), mosaic.height(), 3);
    for (int y = 0; y < rgb.height(); ++y) {
        for (int x = 0; x < rgb.width(); ++x) {
            const int own = bayer_channel(x, y);
            rgb.at(x, y, own) = mosaic.at(x, y);
            if (own == 1) {
                const bool red_in_row = (y & 1) == 0;
                rgb.at(x, y, 0) = filtered(x, y, red_in_row ? kOtherInRow : kOtherInColumn);
                rgb.at(x, y, 2) = filtered(x, y, red_in_row ? kOtherInColumn : kOtherInRow);
            } else {
                rgb.at(x, y, 1) = filtered(x, y, kGreenAtOther);
                rgb.at(x, y, 2 - own) = filtered(x, y, kOtherAtOpposite);
            }
        }
    }
    return rgb;
}

} // namespace rih
