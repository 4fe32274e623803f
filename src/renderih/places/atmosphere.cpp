// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/atmosphere.h"

#include "renderih/math/sampling.h"

#include <algorithm>

namespace rih {

namespace {

// 1/m at sea level, at the dominant wavelengths of Rec.709's primaries, 611, 549 and 464 nm. From
// Hillaire 2020, table 1, which is for 680, 550 and 440 nm: Rayleigh's by the fourth power of the
// wavelength, ozone's by its cross sections there (Bogumil et al. 2003). At 680 nm the air lets too
// much red through for a primary as wide as red is, and dusk turns magenta.
constexpr Vec3f kRayleigh{8.90e-6f, 13.66e-6f, 26.8e-6f};
constexpr float kMieScattering = 3.996e-6f, kMieAbsorption = 4.40e-6f;
constexpr Vec3f kOzone{2.28e-6f, 1.86e-6f, 0.224e-6f};
constexpr float kRayleighHeight = 8000, kMieHeight = 1200;     // m
constexpr float kOzoneCentre = 25000, kOzoneHalfWidth = 15000; // m
constexpr float kGround = 6360e3f, kAtmosphere = 100e3f;       // radius, thickness, m
constexpr float kEyeHeight = 200;                              // m
constexpr float kMieAsymmetry = 0.8f, kGroundAlbedo = 0.3f;

constexpr int kHeights = 48, kCosines = 256;           // of the transmittance table
constexpr int kMultipleHeights = 24, kSunCosines = 48; // of the higher orders

Vec3f exp_of(Vec3f x) {
    return {std::exp(x.x), std::exp(x.y), std::exp(x.z)};
}

/// The way to the sphere of this radius from `r` along `cosine`; negative: missed.
float way_to_sphere(float r, float cosine, float radius, bool far_side) {
    // In double: the radii differ by little.
    const double b = double(r) * cosine;
    const double discriminant = b * b - (double(r) * r - double(radius) * radius);
    if (discriminant < 0) {
        return -1;
    }
    const double root = std::sqrt(discriminant);
    return static_cast<float>(far_side ? -b + root : -b - root);
}

bool meets_ground(float r, float cosine) {
    return cosine < 0 && way_to_sphere(r, cosine, kGround, false) > 0;
}

float rayleigh_phase(float cosine) {
    return 3.0f / (16.0f * kPiF) * (1 + cosine * cosine);
}

/// Cornette and Shanks 1992.
float mie_phase(float cosine) {
    constexpr float g = kMieAsymmetry, g2 = g * g;
    return 3.0f / (8.0f * kPiF) * (1 - g2) * (1 + cosine * cosine) /
           ((2 + g2) * std::pow(1 + g2 - 2 * g * cosine, 1.5f));
}

/// Denser near the horizon, where transmittance changes fastest.
float index_of_cosine(float cosine, int count) {
    const float root = std::copysign(std::sqrt(std::fabs(cosine)), cosine);
    return (0.5f + 0.5f * root) * static_cast<float>(count - 1);
}
float cosine_of_index(int index, int count) {
    const float root = 2.0f * static_cast<float>(index) / static_cast<float>(count - 1) - 1.0f;
    return std::copysign(root * root, root);
}
float index_of_height(float height, int count) {
    return std::sqrt(std::clamp(height / kAtmosphere, 0.0f, 1.0f)) * static_cast<float>(count - 1);
}
float height_of_index(int index, int count) {
    const float root = static_cast<float>(index) / static_cast<float>(count - 1);
    return root * root * kAtmosphere;
}

Vec3f bilinear(const std::vector<Vec3f>& table, int rows, int columns, float row, float column) {
    const int r = std::clamp(static_cast<int>(row), 0, rows - 2);
    const int c = std::clamp(static_cast<int>(column), 0, columns - 2);
    const float fr = std::clamp(row - r, 0.0f, 1.0f), fc = std::clamp(column - c, 0.0f, 1.0f);
    const Vec3f* top = &table[static_cast<std::size_t>(r * columns + c)];
    const Vec3f* bottom = top + columns;
    return (1 - fr) * ((1 - fc) * top[0] + fc * top[1]) +
           fr * ((1 - fc) * bottom[0] + fc * bottom[1]);
}

} // namespace

Atmosphere::Atmosphere(float haze) : haze_(haze) {
    transmittance_.resize(kHeights * kCosines);
    for (int h = 0; h < kHeights; ++h) {
        for (int c = 0; c < kCosines; ++c) {
            transmittance_[static_cast<std::size_t>(h * kCosines + c)] = exp_of(
                -optical_way_out(height_of_index(h, kHeights), cosine_of_index(c, kCosines)));
        }
    }
    tabulate_multiple_scattering();
}

Atmosphere::Medium Atmosphere::medium(float height) const {
    const float mie = haze_ * std::exp(-height / kMieHeight);
    const float ozone = std::max(0.0f, 1.0f - std::fabs(height - kOzoneCentre) / kOzoneHalfWidth);
    Medium medium;
    medium.rayleigh = std::exp(-height / kRayleighHeight) * kRayleigh;
    medium.mie = mie * kMieScattering;
    medium.scattering = medium.rayleigh + Vec3f{medium.mie, medium.mie, medium.mie};
    const float absorption = mie * kMieAbsorption;
    medium.extinction =
        medium.scattering + Vec3f{absorption, absorption, absorption} + ozone * kOzone;
    return medium;
}

Vec3f Atmosphere::optical_way_out(float height, float cosine) const {
    constexpr int kSteps = 40;
    const float r = kGround + height;
    const float way = way_to_sphere(r, cosine, kGround + kAtmosphere, true);
    Vec3f depth;
    float t = 0;
    for (int i = 0; i < kSteps; ++i) {
        // Steps that grow: the dense air is near.
        const float end = way * std::pow(static_cast<float>(i + 1) / kSteps, 2.0f);
        const float middle = 0.5f * (t + end);
        const float at = std::sqrt(r * r + middle * middle + 2 * r * middle * cosine) - kGround;
        depth += (end - t) * medium(std::max(at, 0.0f)).extinction;
        t = end;
    }
    return depth;
}

Vec3f Atmosphere::transmittance(float height, float cosine) const {
    if (meets_ground(kGround + height, cosine)) {
        return {};
    }
    return bilinear(transmittance_,
                    kHeights,
                    kCosines,
                    index_of_height(height, kHeights),
                    index_of_cosine(cosine, kCosines));
}

void Atmosphere::tabulate_multiple_scattering() {
    constexpr int kDirections = 8, kSteps = 20; // directions each way
    multiple_.resize(kMultipleHeights * kSunCosines);
    for (int h = 0; h < kMultipleHeights; ++h) {
        const float height = std::max(1.0f, height_of_index(h, kMultipleHeights));
        const float r = kGround + height;
        for (int s = 0; s < kSunCosines; ++s) {
            const float sun_cosine = cosine_of_index(s, kSunCosines);
            const Vec3f sun = {
                std::sqrt(std::max(0.0f, 1 - sun_cosine * sun_cosine)), sun_cosine, 0};
            Vec3f second, again; // L2 and f_ms of the paper's eq. 5 and 7
            for (int i = 0; i < kDirections * kDirections; ++i) {
                const Vec2f u{(i / kDirections + 0.5f) / kDirections,
                              (i % kDirections + 0.5f) / kDirections};
                const Vec3f z_up = sample_uniform_sphere(u);
                const Vec3f d{z_up.x, z_up.z, z_up.y};
                const bool ground = meets_ground(r, d.y);
                const float way = ground ? way_to_sphere(r, d.y, kGround, false)
                                         : way_to_sphere(r, d.y, kGround + kAtmosphere, true);
                Vec3f through{1, 1, 1};
                const float step = way / kSteps;
                for (int k = 0; k < kSteps; ++k) {
                    const float t = (k + 0.5f) * step;
                    const Vec3f p = Vec3f{0, r, 0} + t * d;
                    const float radius = length(p), at = std::max(0.0f, radius - kGround);
                    const Medium here = medium(at);
                    const Vec3f pass = exp_of(-step * here.extinction);
                    const Vec3f kept =
                        through * here.scattering * (Vec3f{1, 1, 1} - pass) / here.extinction;
                    constexpr float kUniform = 1 / (4 * kPiF);
                    second += kUniform * kept * transmittance(at, dot(p, sun) / radius);
                    again += kept;
                    through *= pass;
                }
                if (ground) {
                    const Vec3f p = normalize(Vec3f{0, r, 0} + way * d);
                    const float cosine = std::max(0.0f, dot(p, sun));
                    second +=
                        (cosine * kGroundAlbedo * kInvPiF) * through * transmittance(0, cosine);
                }
            }
            constexpr float kMean = 1.0f / (kDirections * kDirections);
            multiple_[static_cast<std::size_t>(h * kSunCosines + s)] =
                kMean * second / (Vec3f{1, 1, 1} - kMean * again);
        }
    }
}

Vec3f Atmosphere::multiple_scattering(float height, float sun_cosine) const {
    return bilinear(multiple_,
                    kMultipleHeights,
                    kSunCosines,
                    index_of_height(height, kMultipleHeights),
                    index_of_cosine(sun_cosine, kSunCosines));
}

Vec3f Atmosphere::radiance(Vec3f direction, Vec3f sun, Vec3f illuminance) const {
    constexpr int kSteps = 48;
    const float r = kGround + kEyeHeight;
    // The lowest direction that misses the ground from this height.
    const float horizon = -std::sqrt(std::max(0.0f, 1 - (kGround / r) * (kGround / r))) + 1e-4f;
    Vec3f d = direction;
    if (d.y < horizon) {
        const float level = std::sqrt(d.x * d.x + d.z * d.z);
        const float scale = level > 1e-6f ? std::sqrt(1 - horizon * horizon) / level : 0;
        d = {d.x * scale, horizon, d.z * scale};
    }
    const float cosine = dot(d, sun);
    const float rayleigh = rayleigh_phase(cosine), mie = mie_phase(cosine);
    const float way = way_to_sphere(r, d.y, kGround + kAtmosphere, true);
    Vec3f sum, through{1, 1, 1};
    float t = 0;
    for (int i = 0; i < kSteps; ++i) {
        const float end = way * std::pow(static_cast<float>(i + 1) / kSteps, 2.0f);
        const float step = end - t;
        const Vec3f p = Vec3f{0, r, 0} + (0.5f * (t + end)) * d;
        const float radius = length(p), height = std::max(0.0f, radius - kGround);
        const float sun_cosine = dot(p, sun) / radius;
        const Medium here = medium(height);
        const Vec3f single = transmittance(height, sun_cosine) *
                             (rayleigh * here.rayleigh + Vec3f{1, 1, 1} * (mie * here.mie));
        const Vec3f source = single + here.scattering * multiple_scattering(height, sun_cosine);
        const Vec3f pass = exp_of(-step * here.extinction);
        sum += through * source * (Vec3f{1, 1, 1} - pass) / here.extinction;
        through *= pass;
        t = end;
    }
    return sum * illuminance;
}

} // namespace rih
