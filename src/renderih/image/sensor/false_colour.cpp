// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/false_colour.h"

#include <algorithm>
#include <array>

namespace rih {

namespace {

/// The fifth of nine, by the exchanges of Paeth ("Median finding on a 3x3 grid", Graphics Gems,
/// 1990): none depends on what came before, so that there is no branch.
float median_of_nine(std::array<float, 9>& v) {
    constexpr int kExchanges[19][2] = {{1, 2},
                                       {4, 5},
                                       {7, 8},
                                       {0, 1},
                                       {3, 4},
                                       {6, 7},
                                       {1, 2},
                                       {4, 5},
                                       {7, 8},
                                       {0, 3},
                                       {5, 8},
                                       {4, 7},
                                       {3, 6},
                                       {1, 4},
                                       {2, 5},
                                       {4, 7},
                                       {4, 2},
                                       {6, 4},
                                       {4, 2}};
    for (const auto& [a, b] : kExchanges) {
        const float low = std::min(v[a], v[b]);
        v[b] = std::max(v[a], v[b]);
        v[a] = low;
    }
    return v[4];
}

} // namespace

ImageF without_false_colour(const ImageF& rgb) {
    const int width = rgb.width(), height = rgb.height();
    ImageF result = rgb;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (const int c : {0, 2}) {
                std::array<float, 9> around;
                std::size_t count = 0;
                for (int j = -1; j <= 1; ++j) {
                    const int row = std::clamp(y + j, 0, height - 1);
                    for (int i = -1; i <= 1; ++i) {
                        const int column = std::clamp(x + i, 0, width - 1);
                        around[count++] = rgb.at(column, row, c) - rgb.at(column, row, 1);
                    }
                }
                result.at(x, y, c) = rgb.at(x, y, 1) + median_of_nine(around);
            }
        }
    }
    return result;
}

} // namespace rih
