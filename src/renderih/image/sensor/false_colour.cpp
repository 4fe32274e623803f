// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/false_colour.h"

#include <algorithm>
#include <array>

namespace rih {

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
                std::nth_element(around.begin(), around.begin() + 4, around.end());
                result.at(x, y, c) = rgb.at(x, y, 1) + around[4];
            }
        }
    }
    return result;
}

} // namespace rih
