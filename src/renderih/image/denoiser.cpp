// SPDX-License-Identifier: Apache-2.0
// Divide by albedo, clear the noise away level by level, multiply by albedo.
#include "renderih/image/denoiser.h"

#include "renderih/math/types.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rih {

namespace {

constexpr std::uint8_t kBackground = 0;

} // namespace

Denoiser::Denoiser(const ImageF& radiance,
                   const DenoiseGuides& guides,
                   const DenoiseOptions& options)
    : radiance_(radiance), guides_(guides), options_(options), width_(radiance.width()),
      height_(radiance.height()), per_normal_cutoff_(static_cast<float>(
                                      1 / (1 - std::cos(options.normal_cutoff_deg * kDegree)))),
      sites_(static_cast<std::size_t>(width_) * height_), light_(sites_.size()) {}

Vec3f Denoiser::albedo(std::size_t i) const {
    // A surface also reflects without colour, about a twentieth; a highlight on red polish, divided
    // by the polish's green, would else be a green light that spreads to the skin beside it.
    constexpr float kLeast = 0.05f;
    const Vec3f a = pixel(*guides_.albedo, i);
    return {std::max(a.x, kLeast), std::max(a.y, kLeast), std::max(a.z, kLeast)};
}

/// The smaller of the two one-sided slopes: the other one may lead over an edge.
float Denoiser::slope(int x, int y, int dx, int dy) const {
    const Site& here = sites_[index(x, y)];
    float least = 0;
    bool found = false;
    for (const int sign : {-1, 1}) {
        const int qx = x + sign * dx, qy = y + sign * dy;
        if (inside(qx, qy) && sites_[index(qx, qy)].surface == here.surface) {
            const float s = static_cast<float>(sign) * (sites_[index(qx, qy)].z - here.z);
            least = found && std::abs(least) < std::abs(s) ? least : s;
            found = true;
        }
    }
    return least;
}

void Denoiser::read_sites() {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        sites_[i].normal = pixel(*guides_.normal, i);
        sites_[i].z = guides_.depth_z->values()[i];
        sites_[i].surface = guides_.hand->values()[i];
    }
    for (int y = 0; y < height_; ++y) {
        for (int x = 0; x < width_; ++x) {
            Site& site = sites_[index(x, y)];
            site.z_per_x = slope(x, y, 1, 0);
            site.z_per_y = slope(x, y, 0, 1);
            for (int qy = std::max(y - 1, 0); qy <= std::min(y + 1, height_ - 1); ++qy) {
                for (int qx = std::max(x - 1, 0); qx <= std::min(x + 1, width_ - 1); ++qx) {
                    const bool other = sites_[index(qx, qy)].surface != site.surface;
                    site.on_outline |= other;
                    site.on_side |= other && (qx == x || qy == y);
                }
            }
        }
    }
}

void Denoiser::divide_by_albedo() {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        if (sites_[i].surface != kBackground) {
            const Vec3f rgb = pixel(radiance_, i), a = albedo(i);
            light_[i].rgb = {rgb.x / a.x, rgb.y / a.y, rgb.z / a.z};
        }
    }
}

namespace {

/// A fold one pixel wide has no neighbour of like normal: a little is left for it to draw on.
constexpr float kAnyNormal = 0.03f;

/// (1 - x^2)^2 up to x = 1 (Tukey's biweight): nearly Gaussian, but exactly 0 beyond an edge.
float biweight(float x_squared) {
    const float rest = std::max(1 - x_squared, 0.0f);
    return rest * rest;
}

/// How far a neighbour's luminance is off p's, in standard deviations of their noise, squared.
float squared_sigmas(const Light& p, const Light& q) {
    const float d = q.luminance - p.luminance;
    // 1 % of the pixel's own light is never an edge.
    return d * d / (p.variance + q.variance + 1e-4f * p.luminance * p.luminance + 1e-24f);
}

} // namespace

inline float Denoiser::geometry_weight(const Site& p, const Site& q, int dx, int dy) const {
    if (q.surface != p.surface || q.on_outline) {
        return 0;
    }
    // Where q should lie, by the slope at p; a slope's own error grows with the distance.
    const float rise = p.z_per_x * static_cast<float>(dx) + p.z_per_y * static_cast<float>(dy);
    const float tolerance =
        static_cast<float>(options_.depth_tolerance) * p.z + 0.5f * std::abs(rise);
    const float off = (q.z - p.z - rise) / tolerance;
    const float cosine =
        p.normal.x * q.normal.x + p.normal.y * q.normal.y + p.normal.z * q.normal.z;
    return biweight(off * off) * (kAnyNormal + biweight((1 - cosine) * per_normal_cutoff_));
}

/// The first level must not compare raw pixels: a pixel would choose neighbours that share its
/// error, and as noise is skewed towards bright, the mean would sink.
void Denoiser::smooth_luminance() {
    smooth_.assign(light_.size(), {});
    for_each_inner([&](int x, int y, std::size_t i) {
        float weights = 0, squares = 0, sum = 0;
        for (int dy = -1; dy <= 1; ++dy) {
            for (int dx = -1; dx <= 1; ++dx) {
                if (!inside(x + dx, y + dy)) {
                    continue;
                }
                const std::size_t j = index(x + dx, y + dy);
                const float tent = 0.25f * static_cast<float>((2 - dx * dx) * (2 - dy * dy));
                const float w = tent * geometry_weight(sites_[i], sites_[j], dx, dy);
                weights += w;
                squares += w * w;
                sum += w * light_[j].luminance;
            }
        }
        smooth_[i].luminance = sum / weights;
        smooth_[i].variance = light_[i].variance * squares / (weights * weights);
    });
}

void Denoiser::filter_level(int level) {
    const std::vector<Light>& compared = level == 0 ? smooth_ : light_;
    const auto square = [&](double sigmas) {
        const double s = std::max(sigmas * options_.strength, 1e-3);
        return static_cast<float>(1 / (s * s));
    };
    const float tight = square(options_.luminance_sigmas), loose = square(options_.chroma_sigmas);
    // Neighbours that a level before has averaged share their noise, so that a level takes away
    // less variance than of white noise: the B3 pyramid as a whole a quarter, not 35/128 squared.
    const float shared_noise = level == 0 ? 1 : 3.3f;

    next_ = light_;
    for_each_inner([&](int x, int y, std::size_t i) {
        const Light& at_p = compared[i];
        float weights = 0, squares = 0, luminance_sum = 0, variance = 0;
        float chroma_weights = 0, own = 0;
        Vec3f rgb;
        for_each_tap(x, y, level, [&](std::size_t j, float part, int dx, int dy) {
            if (j == i || sites_[j].surface != sites_[i].surface || sites_[j].on_outline) {
                // Itself, or beyond an outline: were the weights there lost, light at a rim would
                // sink, as it gives to all that lie further in and none gives back.
                own += part * (1 + kAnyNormal);
                return;
            }
            const float w = part * geometry_weight(sites_[i], sites_[j], dx, dy);
            if (w == 0) {
                return;
            }
            const float off = squared_sigmas(at_p, compared[j]);
            const float w_luminance = w * biweight(tight * off);
            const float w_chroma = w * biweight(loose * off);
            weights += w_luminance;
            squares += w_luminance * w_luminance;
            luminance_sum += w_luminance * light_[j].luminance;
            variance += w_luminance * light_[j].variance;
            chroma_weights += w_chroma;
            rgb += w_chroma * light_[j].rgb;
        });
        weights += own;
        squares += own * own;
        luminance_sum += own * light_[i].luminance;
        variance += own * light_[i].variance;
        const float itself = kB3[2] * kB3[2] * (1 + kAnyNormal); // colour is noisier: lost there
        chroma_weights += itself;
        rgb += itself * light_[i].rgb;
        next_[i].luminance = luminance_sum / weights;
        next_[i].variance =
            variance / weights * std::min(shared_noise * squares / (weights * weights), 1.0f);
        next_[i].rgb = rgb / chroma_weights;
    });
    light_.swap(next_);
}

/// What filter_level() leaves of single-channel paths are red and green blotches as wide as it
/// reaches. Where a pixel's own noise was as great as its light, the ratio of the channels is that
/// of a wider surrounding; luminance is left alone.
void Denoiser::widen_chroma(int level) {
    constexpr float kNoNoise = 0.5f, kAllNoise = 1.5f; // standard deviation by light
    const auto loose = static_cast<float>(
        1 / std::pow(std::max(options_.chroma_sigmas * options_.strength, 1e-3), 2));
    next_ = light_;
    for_each_inner([&](int x, int y, std::size_t i) {
        const Light& at_p = light_[i];
        const float noise = std::sqrt(raw_variance_[i]);
        const float share = std::clamp((noise - kNoNoise * at_p.luminance) /
                                           ((kAllNoise - kNoNoise) * at_p.luminance + 1e-24f),
                                       0.0f,
                                       1.0f);
        const float own = luminance(at_p.rgb);
        if (share == 0 || own <= 0) {
            return;
        }
        Vec3f rgb;
        for_each_tap(x, y, level, [&](std::size_t j, float part, int dx, int dy) {
            rgb += part * biweight(loose * squared_sigmas(at_p, light_[j])) *
                   geometry_weight(sites_[i], sites_[j], dx, dy) * light_[j].rgb;
        });
        const float around = luminance(rgb);
        if (around > 0) {
            next_[i].rgb = (1 - share) * at_p.rgb + (share * own / around) * rgb;
        }
    });
    light_.swap(next_);
}

ImageF Denoiser::run() {
    read_sites();
    divide_by_albedo();
    cut_fireflies();
    for (Light& light : light_) {
        light.luminance = luminance(light.rgb);
    }
    estimate_variance();
    raw_variance_.resize(light_.size());
    for (std::size_t i = 0; i < light_.size(); ++i) {
        raw_variance_[i] = light_[i].variance;
    }
    smooth_luminance();
    for (int level = 0; level < options_.levels; ++level) {
        filter_level(level);
    }
    for (int level = 0; level < options_.chroma_levels; ++level) {
        widen_chroma(options_.levels + level);
    }
    ImageF result = radiance_;
    for_each_inner([&](int x, int y, std::size_t i) {
        Light& light = light_[i];
        const float own = luminance(light.rgb);
        if (own > 0) {
            light.rgb = light.luminance / own * light.rgb;
        }
        const Vec3f rgb = light.rgb * albedo(i);
        for (int c = 0; c < 3; ++c) {
            result.at(x, y, c) = rgb[c];
        }
    });
    mend_outline(result);
    cut_background_outline(result);
    return result;
}

} // namespace rih
