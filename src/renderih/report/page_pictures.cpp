// SPDX-License-Identifier: Apache-2.0
#include "renderih/report/page_pictures.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

constexpr double kDepthUnit = 1e-4; // m

struct Size {
    int width, height;
    bool operator==(const Size&) const = default;
};

Size shrunk_size(int width, int height, int max_side) {
    const double factor = std::max(1.0, static_cast<double>(std::max(width, height)) / max_side);
    return {std::max(1, static_cast<int>(std::lround(width / factor))),
            std::max(1, static_cast<int>(std::lround(height / factor)))};
}

/// One dimension of the box filter: weights of the pixels [first, first + weights.size()).
struct Span {
    int first;
    std::vector<float> weights;
};

std::vector<Span> box_spans(int from, int to) {
    std::vector<Span> spans;
    const double step = static_cast<double>(from) / to;
    for (int i = 0; i < to; ++i) {
        const double low = i * step, high = std::min<double>((i + 1) * step, from);
        Span span{static_cast<int>(low), {}};
        for (int x = span.first; x < high && x < from; ++x) {
            const double covered = std::min<double>(x + 1, high) - std::max<double>(x, low);
            span.weights.push_back(static_cast<float>(covered / (high - low)));
        }
        spans.push_back(std::move(span));
    }
    return spans;
}

} // namespace

Image8 shrunk(const Image8& picture, int max_side) {
    const Size size = shrunk_size(picture.width(), picture.height(), max_side);
    if (size == Size{picture.width(), picture.height()}) {
        return picture;
    }
    const int channels = picture.channels();
    const std::vector<Span> columns = box_spans(picture.width(), size.width);
    const std::vector<Span> rows = box_spans(picture.height(), size.height);
    ImageF narrow(size.width, picture.height(), channels);
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < size.width; ++x) {
            const Span& span = columns[static_cast<std::size_t>(x)];
            for (int c = 0; c < channels; ++c) {
                float sum = 0;
                for (std::size_t k = 0; k < span.weights.size(); ++k) {
                    sum += span.weights[k] * picture.at(span.first + static_cast<int>(k), y, c);
                }
                narrow.at(x, y, c) = sum;
            }
        }
    }
    Image8 small(size.width, size.height, channels);
    for (int y = 0; y < size.height; ++y) {
        const Span& span = rows[static_cast<std::size_t>(y)];
        for (int x = 0; x < size.width; ++x) {
            for (int c = 0; c < channels; ++c) {
                float sum = 0;
                for (std::size_t k = 0; k < span.weights.size(); ++k) {
                    sum += span.weights[k] * narrow.at(x, span.first + static_cast<int>(k), c);
                }
                small.at(x, y, c) = static_cast<std::uint8_t>(std::clamp(sum + 0.5F, 0.F, 255.F));
            }
        }
    }
    return small;
}

LabelChannels label_channels(const LabelPictures& labels, int max_side) {
    Size full{0, 0};
    const auto take_size = [&](const auto& image, const char* name) {
        if (image.empty()) {
            return;
        }
        RIH_REQUIRE(image.channels() == 1, "{}.png is not grey", name);
        const Size size{image.width(), image.height()};
        RIH_REQUIRE(full == (Size{0, 0}) || full == size, "{}.png has a size of its own", name);
        full = size;
    };
    take_size(labels.seg, "seg");
    take_size(labels.depth, "depth");
    take_size(labels.amodal, "amodal");
    RIH_REQUIRE(full.width > 0, "there are no label images");

    LabelChannels result;
    std::uint16_t near = 65535, far = 0;
    for (const std::uint16_t depth : labels.depth.values()) {
        near = depth > 0 ? std::min(near, depth) : near;
        far = std::max(far, depth);
    }
    if (far > 0) {
        result.near_m = near * kDepthUnit;
        result.far_m = far * kDepthUnit;
    }
    const Size size = shrunk_size(full.width, full.height, max_side);
    result.picture = Image8(size.width, size.height, 3);
    const double range = std::max(1, far - near);
    for (int y = 0; y < size.height; ++y) {
        const int from_y = (2 * y + 1) * full.height / (2 * size.height);
        for (int x = 0; x < size.width; ++x) {
            const int from_x = (2 * x + 1) * full.width / (2 * size.width);
            if (!labels.seg.empty()) {
                result.picture.at(x, y, 0) = labels.seg.at(from_x, from_y);
            }
            if (!labels.depth.empty() && labels.depth.at(from_x, from_y) > 0) {
                result.picture.at(x, y, 1) = static_cast<std::uint8_t>(std::lround(
                    kDepthLevels -
                    (kDepthLevels - 1) * (labels.depth.at(from_x, from_y) - near) / range));
            }
            if (!labels.amodal.empty()) {
                result.picture.at(x, y, 2) = labels.amodal.at(from_x, from_y);
            }
        }
    }
    return result;
}

} // namespace rih
