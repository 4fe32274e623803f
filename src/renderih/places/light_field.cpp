// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/light_field.h"

#include "renderih/base/parallel.h"
#include "renderih/math/sampling.h"

#include <algorithm>

namespace rih {

namespace {

/// Of one path, over the mean of all of the node's.
constexpr float kBrightestPath = 6;

} // namespace

Vec3f panorama_direction(float u, float v) {
    const float phi = kTwoPiF * (u - 0.5f), theta = kPiF * v;
    return {std::sin(theta) * std::cos(phi), std::cos(theta), std::sin(theta) * std::sin(phi)};
}

Vec2f panorama_uv(Vec3f d) {
    const float level = std::sqrt(d.x * d.x + d.z * d.z);
    return {0.5f + std::atan2(d.z, d.x) / kTwoPiF, std::atan2(level, d.y) / kPiF};
}

LightField::LightField(
    const PlaceTracer& tracer, int width, int paths, std::uint64_t seed, int threads)
    : width_(width), height_(width / 2), eye_(tracer.scene().eye),
      nodes_(static_cast<std::size_t>(width) * static_cast<std::size_t>(width / 2)) {
    const float spread = kTwoPiF / width;
    parallel_for(static_cast<std::size_t>(height_), threads, [&](std::size_t row) {
        const int y = static_cast<int>(row);
        // Near the poles neighbours are close together: fewer paths do.
        const float sine = std::sin(kPiF * (y + 0.5f) / height_);
        const int count = std::max(2, static_cast<int>(std::ceil(paths * std::sqrt(sine))));
        for (int x = 0; x < width_; ++x) {
            Node& node =
                nodes_[row * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)];
            const Vec3f direction = panorama_direction((x + 0.5f) / width_, (y + 0.5f) / height_);
            PlacePoint point;
            if (!tracer.nearest(eye_, direction, spread, point)) {
                continue;
            }
            node.position = point.position;
            node.normal = point.normal;
            node.distance = point.distance;
            Rng rng(seed,
                    static_cast<std::uint64_t>(y) * static_cast<std::uint64_t>(width_) +
                        static_cast<std::uint64_t>(x),
                    "place light");
            std::vector<Gathered> paths_here(static_cast<std::size_t>(count));
            float mean = 0;
            for (Gathered& one : paths_here) {
                one = tracer.gather(point, rng);
                mean += luminance(one.illuminance) / count;
            }
            double sum = 0, square = 0;
            for (const Gathered& one : paths_here) {
                // A rare bright path is one that its neighbours lack: it would stay as a spot.
                const float bright = luminance(one.illuminance);
                const float share =
                    std::min(1.0f, kBrightestPath * mean / (bright + 1e-20f)) / count;
                node.light.illuminance += share * one.illuminance;
                node.light.mean_direction += share * one.mean_direction;
                const double l = double(share) * count * bright;
                sum += l;
                square += l * l;
            }
            node.variance = static_cast<float>(
                std::max(0.0, square / count - sum * sum / count / count) / count);
        }
    });
    for (int step = 1; step <= 16; step *= 2) {
        smooth(step, true, threads);
    }
    for (int step = 1; step <= 16; step *= 2) {
        smooth(step, false, threads);
    }
    // The geometric mean: what is next to a lamp is not what is usual.
    Vec3f logs;
    int lit = 0;
    for (const Node& each : nodes_) {
        const Vec3f light = each.light.illuminance;
        if (each.distance > 0 && light.x > 0 && light.y > 0 && light.z > 0) {
            logs += {std::log(light.x), std::log(light.y), std::log(light.z)};
            ++lit;
        }
    }
    if (lit > 0) {
        logs *= 1.0f / static_cast<float>(lit);
        mean_.illuminance = {std::exp(logs.x), std::exp(logs.y), std::exp(logs.z)};
    }
}

const LightField::Node& LightField::node(int x, int y) const {
    x = x < 0 ? x + width_ : (x >= width_ ? x - width_ : x);
    y = std::clamp(y, 0, height_ - 1);
    return nodes_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                  static_cast<std::size_t>(x)];
}

/// One pass of the edge-avoiding a-trous wavelet transform (Dammertz et al., HPG 2010), with the
/// brightness weight by the noise's own size (Schied et al., HPG 2017).
void LightField::smooth(int step, bool rows_only, int threads) {
    constexpr float kKernel[3] = {0.375f, 0.25f, 0.0625f};
    std::vector<Node> out = nodes_;
    parallel_for(static_cast<std::size_t>(height_), threads, [&](std::size_t row) {
        const int y = static_cast<int>(row);
        const float sine = std::max(0.05f, std::sin(kPiF * (y + 0.5f) / height_));
        if (rows_only && step * sine >= 1) {
            return;
        }
        const int step_x = rows_only ? step : static_cast<int>(std::lround(step / sine));
        const int reach = rows_only ? 0 : 2;
        for (int x = 0; x < width_; ++x) {
            const Node& centre = node(x, y);
            if (centre.distance <= 0) {
                continue;
            }
            float variance = 0, variance_weight = 0;
            for (int j = -1; j <= 1; ++j) {
                for (int i = -2; i <= 2; ++i) {
                    const Node& other = node(x + i, y + j);
                    const float w = other.distance > 0 ? 1.0f : 0.0f;
                    variance += w * other.variance;
                    variance_weight += w;
                }
            }
            const float centre_light = luminance(centre.light.illuminance);
            const float tolerance =
                4 * std::sqrt(variance / variance_weight) + 0.03f * centre_light + 1e-9f;
            const float plane =
                1 / (0.012f * centre.distance * std::sqrt(static_cast<float>(step)));
            Gathered sum;
            float weight = 0, sum_variance = 0;
            for (int j = -reach; j <= reach; ++j) {
                for (int i = -2; i <= 2; ++i) {
                    const int at = (x + i * step_x + 4 * width_) % width_;
                    const Node& other = node(at, y + j * step);
                    const float facing = dot(centre.normal, other.normal);
                    if (other.distance <= 0 || facing <= 0) {
                        continue;
                    }
                    const float away =
                        std::fabs(dot(centre.normal, other.position - centre.position)) * plane;
                    const float brighter =
                        std::fabs(luminance(other.light.illuminance) - centre_light) / tolerance;
                    const float f2 = facing * facing, f8 = f2 * f2 * f2 * f2;
                    const float w = kKernel[std::abs(i)] * kKernel[std::abs(j)] * f8 * f8 *
                                    std::exp(-away - brighter);
                    sum.illuminance += w * other.light.illuminance;
                    sum.mean_direction += w * other.light.mean_direction;
                    sum_variance += w * w * other.variance;
                    weight += w;
                }
            }
            Node& to = out[row * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)];
            to.light.illuminance = (1 / weight) * sum.illuminance;
            to.light.mean_direction = (1 / weight) * sum.mean_direction;
            to.variance = sum_variance / (weight * weight);
        }
    });
    nodes_ = std::move(out);
}

float LightField::likeness(const Node& node, const PlacePoint& point) const {
    const float facing = dot(node.normal, point.normal);
    if (node.distance <= 0) {
        return 0;
    }
    const float away = std::fabs(dot(point.normal, node.position - point.position)) /
                       (0.012f * point.distance + 0.002f);
    const float f = std::max(0.0f, facing), f2 = f * f, f8 = f2 * f2 * f2 * f2;
    return f8 * std::exp(-away) + 1e-5f * (1.2f + facing);
}

Gathered LightField::at(Vec3f direction, const PlacePoint& point) const {
    const Vec2f uv = panorama_uv(direction);
    const float fx = uv.x * width_ - 0.5f, fy = uv.y * height_ - 0.5f;
    const int left = static_cast<int>(std::floor(fx)), top = static_cast<int>(std::floor(fy));
    Gathered sum;
    float weight = 0;
    const auto add = [&](int x, int y, float share) {
        const Node& at = node(x, y);
        const float w = share * likeness(at, point);
        sum.illuminance += w * at.light.illuminance;
        sum.mean_direction += w * at.light.mean_direction;
        weight += w;
    };
    const float rx = fx - left, ry = fy - top;
    add(left, top, (1 - rx) * (1 - ry));
    add(left + 1, top, rx * (1 - ry));
    add(left, top + 1, (1 - rx) * ry);
    add(left + 1, top + 1, rx * ry);
    if (weight < 0.05f) { // another surface's: look further
        for (int j = -1; j <= 2; ++j) {
            for (int i = -1; i <= 2; ++i) {
                add(left + i, top + j, 0.1f);
            }
        }
    }
    if (!(weight > 0)) {
        return mean_;
    }
    return {(1 / weight) * sum.illuminance, (1 / weight) * sum.mean_direction};
}

Gathered LightField::near(const PlacePoint& point) const {
    const Vec3f way = point.position - eye_;
    const float distance = length(way);
    const Vec3f direction = way / distance;
    const Vec2f uv = panorama_uv(direction);
    const Node& seen = node(static_cast<int>(uv.x * width_), static_cast<int>(uv.y * height_));
    if (seen.distance > 0.9f * distance && seen.distance < 1.1f * distance &&
        dot(seen.normal, point.normal) > 0.5f) {
        return seen.light;
    }
    return mean_;
}

} // namespace rih
