// SPDX-License-Identifier: Apache-2.0
// The state of denoise() and its steps; nothing else includes this. denoiser.cpp holds the wavelet,
// denoise_noise.cpp what is known of the noise, denoise_outline.cpp the pixels that see two things.
#pragma once

#include "renderih/image/denoise.h"
#include "renderih/math/vec.h"

#include <cstdint>
#include <vector>

namespace rih {

/// B3 spline, the wavelet's kernel in one direction.
inline constexpr float kB3[5] = {1 / 16.0f, 1 / 4.0f, 3 / 8.0f, 1 / 4.0f, 1 / 16.0f};

/// What the weights between two pixels need to know.
struct Site {
    Vec3f normal;
    float z = 0;
    float z_per_x = 0, z_per_y = 0; // slope of depth, m a pixel
    std::uint8_t surface = 0;       // 0 = background, else which hand
    bool on_outline = false;        // one of the eight neighbours belongs to something else
    bool on_side = false;           // and one of the four
};

/// A pixel's light divided by albedo. Luminance and chroma are filtered apart: `luminance` with
/// tight weights, `rgb` with loose ones, and rgb's own luminance is divided out at the end.
struct Light {
    float luminance = 0;
    float variance = 0; // of `luminance`, estimated
    Vec3f rgb;
};

/// A hand pixel at an outline.
struct Mixture {
    Vec3f seen;         // radiance as it came
    Vec3f mixed;        // the likeliest mixture of the light on both sides
    Vec3f kept;         // of `seen`, without what lucky paths brought
    bool known = false; // both sides are
};

class Denoiser {
  public:
    Denoiser(const ImageF& radiance, const DenoiseGuides& guides, const DenoiseOptions& options);
    ImageF run();

  private:
    std::size_t index(int x, int y) const { return static_cast<std::size_t>(y) * width_ + x; }
    bool inside(int x, int y) const { return x >= 0 && x < width_ && y >= 0 && y < height_; }
    /// Both of one surface alone, and of the same.
    bool same_inner(std::size_t i, std::size_t j) const {
        return sites_[i].surface == sites_[j].surface && !sites_[i].on_outline &&
               !sites_[j].on_outline;
    }
    Vec3f pixel(const ImageF& image, std::size_t i) const {
        const float* v = &image.values()[3 * i];
        return {v[0], v[1], v[2]};
    }
    Vec3f albedo(std::size_t i) const;

    template <typename Visit>
    void for_each_inner(const Visit& visit) const;
    template <typename Visit>
    void for_each_outline(const Visit& visit) const;
    template <typename Visit>
    void for_each_tap(int x, int y, int level, const Visit& visit) const;
    template <typename Visit>
    void for_each_along(int x, int y, int reach, const Visit& visit) const;

    void read_sites();
    float slope(int x, int y, int dx, int dy) const;
    void divide_by_albedo();
    void cut_fireflies();
    void estimate_variance();
    void variance_by_neighbours();
    void limit_variance_by_samples(const ImageF& noise);
    float geometry_weight(const Site& p, const Site& q, int dx, int dy) const;
    void smooth_luminance();
    void filter_level(int level);
    void widen_chroma(int level);
    void find_mixtures(const ImageF& result);
    void cut_outline_fireflies();
    void mend_outline(ImageF& result);
    void cut_background_outline(ImageF& result) const;
    bool near_a_hand(int x, int y) const;

    const ImageF& radiance_;
    const DenoiseGuides& guides_;
    const DenoiseOptions& options_;
    int width_, height_;
    float per_normal_cutoff_; // 1 / (1 - cosine at which the weight is 0)
    std::vector<Site> sites_;
    std::vector<Light> light_, next_;
    std::vector<float> raw_variance_; // of luminance / albedo, before the filter
    std::vector<Light> smooth_;       // luminance and variance only: what the first level compares
    std::vector<Mixture> mixtures_;
};

/// visit(x, y, i) on every pixel that is surely filled by one surface, row by row.
template <typename Visit>
void Denoiser::for_each_inner(const Visit& visit) const {
    for (int y = 0; y < height_; ++y) {
        for (int x = 0; x < width_; ++x) {
            const std::size_t i = index(x, y);
            if (sites_[i].surface != 0 && !sites_[i].on_outline) {
                visit(x, y, i);
            }
        }
    }
}

/// visit(j, part, dx, dy) on the pixels of a level's kernel about (x, y), (dx, dy) away, with their
/// parts of it.
template <typename Visit>
void Denoiser::for_each_tap(int x, int y, int level, const Visit& visit) const {
    const int step = 1 << level;
    for (int ky = 0; ky < 5; ++ky) {
        for (int kx = 0; kx < 5; ++kx) {
            const int dx = (kx - 2) * step, dy = (ky - 2) * step;
            if (inside(x + dx, y + dy)) {
                visit(index(x + dx, y + dy), kB3[kx] * kB3[ky], dx, dy);
            }
        }
    }
}

/// visit(x, y, i) on every hand pixel beside something else, row by row.
template <typename Visit>
void Denoiser::for_each_outline(const Visit& visit) const {
    for (int y = 0; y < height_; ++y) {
        for (int x = 0; x < width_; ++x) {
            const std::size_t i = index(x, y);
            if (sites_[i].surface != 0 && sites_[i].on_outline) {
                visit(x, y, i);
            }
        }
    }
}

} // namespace rih
