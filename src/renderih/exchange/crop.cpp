// SPDX-License-Identifier: Apache-2.0
#include "renderih/exchange/crop.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace rih {

namespace {

/// Where one row or column of the crop comes from: pixels from `first` on, weights sum to 1.
struct Span {
    int first = 0;
    std::vector<double> weights;
};

Span span_of(double from, double width) {
    // At least a pixel wide: then the mean is the bilinear look-up at its middle.
    const double middle = from + 0.5 * width, wide = std::max(width, 1.0);
    const double low = middle - 0.5 * wide, high = middle + 0.5 * wide;
    Span span;
    span.first = static_cast<int>(std::floor(low));
    const int last = static_cast<int>(std::ceil(high)) - 1;
    for (int i = span.first; i <= last; ++i) {
        span.weights.push_back((std::min(high, i + 1.0) - std::max(low, double{1} * i)) / wide);
    }
    return span;
}

} // namespace

Image8 cropped(const Image8& picture, const Square& square, int size, bool mirror) {
    const double step = square.side / size;
    std::vector<Span> columns, rows;
    for (int i = 0; i < size; ++i) {
        columns.push_back(span_of(square.left + i * step, step));
        rows.push_back(span_of(square.top + i * step, step));
    }
    Image8 crop(size, size, picture.channels());
    for (int y = 0; y < size; ++y) {
        const Span& row = rows[static_cast<std::size_t>(y)];
        for (int x = 0; x < size; ++x) {
            const Span& column = columns[static_cast<std::size_t>(mirror ? size - 1 - x : x)];
            for (int c = 0; c < picture.channels(); ++c) {
                double sum = 0;
                for (std::size_t j = 0; j < row.weights.size(); ++j) {
                    const int from_y = row.first + static_cast<int>(j);
                    if (from_y < 0 || from_y >= picture.height()) {
                        continue;
                    }
                    for (std::size_t i = 0; i < column.weights.size(); ++i) {
                        const int from_x = column.first + static_cast<int>(i);
                        if (from_x >= 0 && from_x < picture.width()) {
                            sum +=
                                row.weights[j] * column.weights[i] * picture.at(from_x, from_y, c);
                        }
                    }
                }
                crop.at(x, y, c) = static_cast<std::uint8_t>(std::lround(sum));
            }
        }
    }
    return crop;
}

} // namespace rih
