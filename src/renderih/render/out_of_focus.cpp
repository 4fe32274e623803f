// SPDX-License-Identifier: Apache-2.0
#include "renderih/render/out_of_focus.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace rih {

namespace {

constexpr int kMaxReach = 48;      // px; beyond it samples are spent as on the background
constexpr double kMaxCircle = 256; // px
constexpr double kFarAwayZ = std::numeric_limits<double>::infinity();

double circle_at_infinity(const Camera& camera, const CameraLens& lens) {
    return std::min(lens.circle_px(camera.intrinsics, kFarAwayZ), kMaxCircle);
}

/// The environment as the pinhole sees it, with `margin` pixels more on each side; `side` squared
/// samples a pixel.
ImageF sharp_environment(const EnvironmentView& environment,
                         const CameraRays& rays,
                         const Camera& camera,
                         int margin,
                         int side) {
    ImageF image(camera.width + 2 * margin, camera.height + 2 * margin, 3);
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            Vec3f sum;
            for (int i = 0; i < side * side; ++i) {
                const float u = (static_cast<float>(i % side) + 0.5f) / static_cast<float>(side);
                const float v = (static_cast<float>(i / side) + 0.5f) / static_cast<float>(side);
                sum += environment.seen(rays.direction(static_cast<float>(x - margin) + u,
                                                       static_cast<float>(y - margin) + v));
            }
            for (int c = 0; c < 3; ++c) {
                image.at(x, y, c) = sum[c] / static_cast<float>(side * side);
            }
        }
    }
    return image;
}

/// Bilinear between pixel centres; `x` and `y` count from the centre of the first pixel.
float between(const ImageF& image, double x, double y, int c) {
    const int left = static_cast<int>(std::floor(x)), top = static_cast<int>(std::floor(y));
    const auto fx = static_cast<float>(x - left), fy = static_cast<float>(y - top);
    return (1 - fy) * ((1 - fx) * image.at(left, top, c) + fx * image.at(left + 1, top, c)) +
           fy * ((1 - fx) * image.at(left, top + 1, c) + fx * image.at(left + 1, top + 1, c));
}

/// Ors into each pixel what lies within `reach` along rows (dx = 1) or columns (dx = 0).
Image8 spread(const Image8& bits, int reach, bool along_x) {
    Image8 result(bits.width(), bits.height(), 1);
    for (int y = 0; y < bits.height(); ++y) {
        for (int x = 0; x < bits.width(); ++x) {
            unsigned any = 0;
            const int at = along_x ? x : y, size = along_x ? bits.width() : bits.height();
            for (int i = std::max(at - reach, 0); i <= std::min(at + reach, size - 1); ++i) {
                any |= along_x ? bits.at(i, y) : bits.at(x, i);
            }
            result.at(x, y) = static_cast<std::uint8_t>(any);
        }
    }
    return result;
}

/// A row of a disc about a pixel's centre.
struct Run {
    int row;
    double half_width;
};

constexpr int kMaxKernelReach = 3;

/// Each pixel's part of the disc, [2 reach + 1, 2 reach + 1].
std::vector<float> disc_kernel(const std::vector<Run>& runs, int reach) {
    const int side = 2 * reach + 1;
    std::vector<double> area(static_cast<std::size_t>(side * side), 0.0);
    double whole = 0;
    for (const Run& run : runs) {
        for (int i = -reach; i <= reach; ++i) {
            const double width =
                std::min(i + 0.5, run.half_width) - std::max(i - 0.5, -run.half_width);
            area[static_cast<std::size_t>((run.row + reach) * side + i + reach)] +=
                std::max(width, 0.0);
        }
        whole += 2 * run.half_width;
    }
    std::vector<float> kernel;
    for (const double part : area) {
        kernel.push_back(static_cast<float>(part / whole));
    }
    return kernel;
}

} // namespace

ImageF circles_px(const Camera& camera, const CameraLens& lens, const ImageF& depth_z) {
    ImageF circles(depth_z.width(), depth_z.height(), 1);
    for (std::size_t i = 0; i < circles.values().size(); ++i) {
        const float z = depth_z.values()[i];
        circles.values()[i] =
            z > 0 ? static_cast<float>(lens.circle_px(camera.intrinsics, static_cast<double>(z)))
                  : 0;
    }
    return circles;
}

int lens_reach(const Camera& camera, const CameraLens& lens, const ImageF& depth_z) {
    float widest = 0;
    const ImageF circles = circles_px(camera, lens, depth_z);
    for (const float circle : circles.values()) {
        widest = std::max(widest, circle);
    }
    const double reach = 0.5 * (static_cast<double>(widest) + lens.motion.norm());
    return 1 + std::min(static_cast<int>(std::ceil(reach)), kMaxReach);
}

Image8 surfaces_in_reach(const Image8& hand, int reach) {
    Image8 bits(hand.width(), hand.height(), 1);
    for (std::size_t i = 0; i < bits.values().size(); ++i) {
        const unsigned id = hand.values()[i];
        bits.values()[i] = static_cast<std::uint8_t>(1u << (id == 0 ? 0 : 1 + (id - 1) % 7));
    }
    return spread(spread(bits, reach, true), reach, false);
}

ImageF blurred_by_disc(const ImageF& image, double diameter_px) {
    const double radius = 0.5 * diameter_px;
    if (radius < 0.05) {
        return image;
    }
    const int reach = static_cast<int>(std::ceil(radius));
    // A row of the disc is as wide as the disc is in the middle of the row; small discs are cut
    // into finer rows.
    const int parts = radius < 4 ? 8 : radius < 24 ? 3 : 1;
    std::vector<Run> runs;
    for (int row = -reach; row <= reach; ++row) {
        for (int p = 0; p < parts; ++p) {
            const double y = row - 0.5 + (p + 0.5) / parts;
            if (std::abs(y) < radius) {
                runs.push_back({row, std::sqrt(radius * radius - y * y)});
            }
        }
    }
    const int width = image.width(), height = image.height(), channels = image.channels();
    // Sums from the left border to each pixel's left edge, in double: lamps are bright.
    std::vector<double> sums(static_cast<std::size_t>(width + 1) * height * channels);
    const auto sum_at = [&](int x, int y, int c) -> double& {
        return sums[(static_cast<std::size_t>(y) * (width + 1) + x) * channels + c];
    };
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (int c = 0; c < channels; ++c) {
                sum_at(x + 1, y, c) = sum_at(x, y, c) + static_cast<double>(image.at(x, y, c));
            }
        }
    }
    ImageF result(width, height, channels);
    // Small discs inside the picture: few pixels, each with the same part of the disc.
    const int side = 2 * reach + 1;
    std::vector<float> parts_of_disc;
    if (reach <= kMaxKernelReach) {
        parts_of_disc = disc_kernel(runs, reach);
    }
    std::vector<double> total(static_cast<std::size_t>(channels));
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            if (!parts_of_disc.empty() && x >= reach && x + reach < width && y >= reach &&
                y + reach < height) {
                for (int c = 0; c < channels; ++c) {
                    float sum = 0;
                    for (int j = 0; j < side; ++j) {
                        for (int i = 0; i < side; ++i) {
                            sum += parts_of_disc[static_cast<std::size_t>(j * side + i)] *
                                   image.at(x - reach + i, y - reach + j, c);
                        }
                    }
                    result.at(x, y, c) = sum;
                }
                continue;
            }
            std::fill(total.begin(), total.end(), 0.0);
            double area = 0;
            for (const Run& run : runs) {
                const int row = y + run.row;
                if (row < 0 || row >= height) {
                    continue;
                }
                const double left = std::max(x + 0.5 - run.half_width, 0.0);
                const double right = std::min<double>(x + 0.5 + run.half_width, width);
                const int l = static_cast<int>(left),
                          r = std::min(static_cast<int>(right), width - 1);
                for (int c = 0; c < channels; ++c) {
                    total[static_cast<std::size_t>(c)] +=
                        sum_at(r, row, c) + (right - r) * static_cast<double>(image.at(r, row, c)) -
                        sum_at(l, row, c) - (left - l) * static_cast<double>(image.at(l, row, c));
                }
                area += right - left;
            }
            for (int c = 0; c < channels; ++c) {
                result.at(x, y, c) =
                    static_cast<float>(std::max(total[static_cast<std::size_t>(c)], 0.0) / area);
            }
        }
    }
    return result;
}

ImageF environment_through_lens(const EnvironmentView& environment,
                                const CameraRays& rays,
                                const Camera& camera,
                                const CameraLens& lens) {
    const double circle = circle_at_infinity(camera, lens);
    const double moved = lens.motion.norm();
    const int margin = static_cast<int>(std::ceil(0.5 * (circle + moved))) + 2;
    const int side = circle < 2 ? 2 : 1; // a wide disc averages enough
    const ImageF blurred =
        blurred_by_disc(sharp_environment(environment, rays, camera, margin, side), circle);
    const int steps = 1 + static_cast<int>(std::ceil(moved));
    ImageF image(camera.width, camera.height, 3);
    for (int y = 0; y < camera.height; ++y) {
        for (int x = 0; x < camera.width; ++x) {
            for (int c = 0; c < 3; ++c) {
                float sum = 0;
                for (int i = 0; i < steps; ++i) {
                    const double time = (i + 0.5) / steps - 0.5;
                    sum += between(blurred,
                                   x + margin + time * lens.motion.x(),
                                   y + margin + time * lens.motion.y(),
                                   c);
                }
                image.at(x, y, c) = sum / static_cast<float>(steps);
            }
        }
    }
    return image;
}

} // namespace rih
