// SPDX-License-Identifier: Apache-2.0
// A picture in memory: row 0 on top, channels interleaved.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rih {

template <typename T>
class Image {
  public:
    Image() = default;
    Image(int width, int height, int channels, T value = T{})
        : width_(width), height_(height), channels_(channels),
          values_(static_cast<std::size_t>(width) * height * channels, value) {}

    int width() const { return width_; }
    int height() const { return height_; }
    int channels() const { return channels_; }
    bool empty() const { return values_.empty(); }
    T& at(int x, int y, int c = 0) { return values_[index(x, y, c)]; }
    const T& at(int x, int y, int c = 0) const { return values_[index(x, y, c)]; }
    std::vector<T>& values() { return values_; }
    const std::vector<T>& values() const { return values_; }
    bool operator==(const Image&) const = default;

  private:
    std::size_t index(int x, int y, int c) const {
        return (static_cast<std::size_t>(y) * width_ + x) * channels_ + c;
    }
    int width_ = 0, height_ = 0, channels_ = 0;
    std::vector<T> values_;
};

using ImageF = Image<float>;
using Image8 = Image<std::uint8_t>;
using Image16 = Image<std::uint16_t>;

} // namespace rih
