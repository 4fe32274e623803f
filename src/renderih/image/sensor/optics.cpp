// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/optics.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rih {

namespace {

int clamped(int i, int size) {
    return std::clamp(i, 0, size - 1);
}

/// Five taps in each direction; blurs of a pixel at most.
ImageF gaussian(const ImageF& image, double sigma) {
    if (sigma < 0.05) {
        return image;
    }
    std::array<float, 5> taps{};
    double sum = 0;
    for (int i = -2; i <= 2; ++i) {
        sum += std::exp(-0.5 * i * i / (sigma * sigma));
    }
    for (int i = -2; i <= 2; ++i) {
        taps[static_cast<std::size_t>(i + 2)] =
            static_cast<float>(std::exp(-0.5 * i * i / (sigma * sigma)) / sum);
    }
    ImageF from = image;
    for (const bool along_x : {true, false}) {
        ImageF to(image.width(), image.height(), image.channels());
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                for (int c = 0; c < image.channels(); ++c) {
                    float value = 0;
                    for (int i = -2; i <= 2; ++i) {
                        value += taps[static_cast<std::size_t>(i + 2)] *
                                 (along_x ? from.at(clamped(x + i, image.width()), y, c)
                                          : from.at(x, clamped(y + i, image.height()), c));
                    }
                    to.at(x, y, c) = value;
                }
            }
        }
        from = std::move(to);
    }
    return from;
}

/// Catmull-Rom weights of the four values about a place `f` after the second.
std::array<double, 4> cubic(double f) {
    return {0.5 * (-f + 2 * f * f - f * f * f),
            0.5 * (2 - 5 * f * f + 3 * f * f * f),
            0.5 * (f + 4 * f * f - 3 * f * f * f),
            0.5 * (-f * f + f * f * f)};
}

/// Replaces channel `c` of `to` by that of `from` scaled about `axis`.
void scale_channel(const ImageF& from, int c, double scale, const Vec2& axis, ImageF& to) {
    for (int y = 0; y < from.height(); ++y) {
        const double v = axis.y() + (y + 0.5 - axis.y()) / scale - 0.5;
        const int top = static_cast<int>(std::floor(v));
        const auto wy = cubic(v - top);
        for (int x = 0; x < from.width(); ++x) {
            const double u = axis.x() + (x + 0.5 - axis.x()) / scale - 0.5;
            const int left = static_cast<int>(std::floor(u));
            const auto wx = cubic(u - left);
            double sum = 0;
            for (int j = 0; j < 4; ++j) {
                for (int i = 0; i < 4; ++i) {
                    sum += wy[static_cast<std::size_t>(j)] * wx[static_cast<std::size_t>(i)] *
                           static_cast<double>(from.at(clamped(left - 1 + i, from.width()),
                                                       clamped(top - 1 + j, from.height()),
                                                       c));
                }
            }
            to.at(x, y, c) = static_cast<float>(std::max(sum, 0.0));
        }
    }
}

} // namespace

double light_left(const Optics& optics, int width, int height, double x_px, double y_px) {
    const double far_x = std::max(optics.axis_px.x(), width - optics.axis_px.x());
    const double far_y = std::max(optics.axis_px.y(), height - optics.axis_px.y());
    const double r2 =
        (Vec2(x_px, y_px) - optics.axis_px).squaredNorm() / (far_x * far_x + far_y * far_y);
    // cos^4 = 1 / (1 + tan^2)^2, and tan grows with the distance from the axis.
    const double tan2_of_corner = 1 / std::sqrt(1 - optics.vignetting) - 1;
    const double cos2 = 1 / (1 + tan2_of_corner * r2);
    return cos2 * cos2;
}

ImageF through_optics(const ImageF& rgb, const Optics& optics) {
    const ImageF blurred = gaussian(rgb, optics.blur_px);
    ImageF image = blurred;
    for (const auto& [c, scale] : {std::pair{0, optics.red_scale}, {2, optics.blue_scale}}) {
        if (scale != 1) {
            scale_channel(blurred, c, scale, optics.axis_px, image);
        }
    }
    if (optics.vignetting > 0) {
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                const auto light = static_cast<float>(
                    light_left(optics, image.width(), image.height(), x + 0.5, y + 0.5));
                for (int c = 0; c < 3; ++c) {
                    image.at(x, y, c) *= light;
                }
            }
        }
    }
    return image;
}

} // namespace rih
