// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/denoise_defocus.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

constexpr double kSmallestSpread = 1; // px: below it an outline is as sharp as without a lens
constexpr int kMaxReach = 48;         // px
constexpr double kPart = 0.2;         // of the spread: the Gaussian's standard deviation

/// The largest of what hand pixels at an outline spread to each pixel: their circle where they
/// reach it, else 0.
ImageF spread_from_outlines(const Image8& hand, const ImageF& circle_px, double motion) {
    const int width = hand.width(), height = hand.height();
    ImageF spread(width, height, 1);
    const auto differs = [&](int x, int y, int dx, int dy) {
        const int qx = x + dx, qy = y + dy;
        return qx >= 0 && qx < width && qy >= 0 && qy < height && hand.at(qx, qy) != hand.at(x, y);
    };
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            if (hand.at(x, y) == 0 || !(differs(x, y, 1, 0) || differs(x, y, -1, 0) ||
                                        differs(x, y, 0, 1) || differs(x, y, 0, -1))) {
                continue;
            }
            const float circle = std::max(circle_px.at(x, y), 1e-3f);
            const double radius = 0.5 * (static_cast<double>(circle) + motion) + 1;
            const int reach = std::min(static_cast<int>(radius), kMaxReach);
            for (int qy = std::max(y - reach, 0); qy <= std::min(y + reach, height - 1); ++qy) {
                for (int qx = std::max(x - reach, 0); qx <= std::min(x + reach, width - 1); ++qx) {
                    const int square = (qx - x) * (qx - x) + (qy - y) * (qy - y);
                    if (square <= radius * radius) {
                        spread.at(qx, qy) = std::max(spread.at(qx, qy), circle);
                    }
                }
            }
        }
    }
    return spread;
}

} // namespace

ImageF denoise_defocus(const ImageF& radiance,
                       const Image8& hand,
                       const ImageF& circle_px,
                       const Vec2& motion_px) {
    RIH_ASSERT(radiance.width() == hand.width() && radiance.height() == hand.height() &&
                   circle_px.width() == hand.width() && circle_px.height() == hand.height(),
               "denoise_defocus: images of several sizes");
    const double motion = motion_px.norm();
    const Vec2 along = motion > 0 ? Vec2(motion_px / motion) : Vec2(1, 0);
    const ImageF spread = spread_from_outlines(hand, circle_px, motion);
    ImageF result = radiance;
    for (int y = 0; y < hand.height(); ++y) {
        for (int x = 0; x < hand.width(); ++x) {
            const double circle = static_cast<double>(spread.at(x, y));
            if (circle == 0 || circle + motion < kSmallestSpread) {
                continue;
            }
            const double across = std::max(kPart * circle, 0.2);
            const double lengthwise = std::max(kPart * std::hypot(circle, motion), 0.2);
            const int reach = static_cast<int>(std::ceil(2 * lengthwise));
            double weights = 0, sum[3] = {0, 0, 0};
            for (int qy = std::max(y - reach, 0); qy <= std::min(y + reach, hand.height() - 1);
                 ++qy) {
                for (int qx = std::max(x - reach, 0); qx <= std::min(x + reach, hand.width() - 1);
                     ++qx) {
                    const Vec2 way(qx - x, qy - y);
                    const double u = way.dot(along) / lengthwise;
                    const double v = (way.y() * along.x() - way.x() * along.y()) / across;
                    if (u * u + v * v > 4 && (qx != x || qy != y)) {
                        continue;
                    }
                    const double w = std::exp(-0.5 * (u * u + v * v));
                    weights += w;
                    for (int c = 0; c < 3; ++c) {
                        sum[c] += w * static_cast<double>(radiance.at(qx, qy, c));
                    }
                }
            }
            for (int c = 0; c < 3; ++c) {
                result.at(x, y, c) = static_cast<float>(sum[c] / weights);
            }
        }
    }
    return result;
}

} // namespace rih
