// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/predict/overlay.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rih::learn {

namespace {

constexpr double kAmbient = 0.35; // light on a face seen edge on

/// The nearest surface of each pixel.
struct Layer {
    std::vector<double> depth;
    std::vector<std::array<double, 3>> colour;
};

void draw_triangle(const std::array<Vec2, 3>& p,
                   const std::array<double, 3>& depth,
                   const std::array<double, 3>& colour,
                   int width,
                   int height,
                   Layer& layer) {
    const auto cross = [](const Vec2& a, const Vec2& b) { return a.x() * b.y() - a.y() * b.x(); };
    const double area = cross(p[1] - p[0], p[2] - p[0]);
    if (area == 0) {
        return;
    }
    // Pixel (x, y) is drawn where its centre lies inside.
    const auto first = [](double a, double b, double c) {
        return std::max(0.0, std::ceil(std::min({a, b, c}) - 0.5));
    };
    const auto last = [](double a, double b, double c, int limit) {
        return std::min(limit - 1.0, std::floor(std::max({a, b, c}) - 0.5));
    };
    const double x1 = last(p[0].x(), p[1].x(), p[2].x(), width);
    const double y1 = last(p[0].y(), p[1].y(), p[2].y(), height);
    for (double y = first(p[0].y(), p[1].y(), p[2].y()); y <= y1; ++y) {
        for (double x = first(p[0].x(), p[1].x(), p[2].x()); x <= x1; ++x) {
            const Vec2 here(x + 0.5, y + 0.5);
            const double u = cross(here - p[0], p[2] - p[0]) / area;
            const double v = cross(p[1] - p[0], here - p[0]) / area;
            if (u < 0 || v < 0 || u + v > 1) {
                continue;
            }
            const double z = depth[0] + u * (depth[1] - depth[0]) + v * (depth[2] - depth[0]);
            const auto pixel = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                               static_cast<std::size_t>(x);
            if (z < layer.depth[pixel]) {
                layer.depth[pixel] = z;
                layer.colour[pixel] = colour;
            }
        }
    }
}

} // namespace

void draw_hands(Image8& picture, std::span<const OverlayHand> hands, double opacity) {
    RIH_ASSERT(picture.channels() == 3, "{} channels", picture.channels());
    const auto pixels =
        static_cast<std::size_t>(picture.width()) * static_cast<std::size_t>(picture.height());
    Layer layer{std::vector<double>(pixels, std::numeric_limits<double>::infinity()),
                std::vector<std::array<double, 3>>(pixels)};
    for (const OverlayHand& hand : hands) {
        for (const std::array<int, 3>& face : *hand.faces) {
            std::array<Vec2, 3> p;
            std::array<double, 3> depth{};
            for (std::size_t corner = 0; corner < 3; ++corner) {
                p[corner] = hand.vertices_px.row(face[corner]);
                depth[corner] = hand.vertices(face[corner], 2);
            }
            const Vec3 a = hand.vertices.row(face[0]), b = hand.vertices.row(face[1]),
                       c = hand.vertices.row(face[2]);
            const Vec3 normal = (b - a).cross(c - a);
            const double length = normal.norm();
            if (!(length > 0) || !p[0].allFinite() || !p[1].allFinite() || !p[2].allFinite()) {
                continue;
            }
            const double light = kAmbient + (1 - kAmbient) * std::abs(normal.z()) / length;
            std::array<double, 3> colour = hand.colour;
            for (double& channel : colour) {
                channel *= light;
            }
            draw_triangle(p, depth, colour, picture.width(), picture.height(), layer);
        }
    }
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
        if (std::isinf(layer.depth[pixel])) {
            continue;
        }
        for (std::size_t c = 0; c < 3; ++c) {
            std::uint8_t& value = picture.values()[3 * pixel + c];
            value = static_cast<std::uint8_t>(
                std::lround((1 - opacity) * value + opacity * 255 * layer.colour[pixel][c]));
        }
    }
}

Image8 mosaic(std::span<const Image8> pictures, int columns) {
    RIH_ASSERT(!pictures.empty() && columns > 0, "{} pictures", pictures.size());
    const int width = pictures[0].width(), height = pictures[0].height();
    const int rows = (static_cast<int>(pictures.size()) + columns - 1) / columns;
    Image8 sheet(width * columns, height * rows, 3);
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        RIH_ASSERT(pictures[i].width() == width && pictures[i].height() == height, "sizes");
        const int left = static_cast<int>(i) % columns * width;
        const int top = static_cast<int>(i) / columns * height;
        for (int y = 0; y < height; ++y) {
            std::copy_n(&pictures[i].at(0, y), 3 * width, &sheet.at(left, top + y));
        }
    }
    return sheet;
}

} // namespace rih::learn
