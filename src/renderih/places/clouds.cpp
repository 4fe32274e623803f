// SPDX-License-Identifier: Apache-2.0
#include "renderih/places/clouds.h"

#include "renderih/math/sampling.h"
#include "renderih/places/noise.h"

#include <algorithm>

namespace rih {

namespace {

constexpr float kBase = 1300, kTop = 2500; // m
constexpr float kCirrusHeight = 8000;      // m
constexpr float kExtinction = 0.028f;      // 1/m at full density; 0.01 .. 0.1 in cumulus
constexpr float kLargest = 2200;           // m, of a heap
constexpr float kFarthest = 30000;         // m

float henyey_greenstein(float cosine, float g) {
    const float d = 1 + g * g - 2 * g * cosine;
    return (1 - g * g) / (4 * kPiF * d * std::sqrt(d));
}

float smooth(float low, float high, float x) {
    const float t = std::clamp((x - low) / (high - low), 0.0f, 1.0f);
    return t * t * (3 - 2 * t);
}

} // namespace

Clouds::Clouds(float cover, float cirrus, std::uint32_t seed)
    : cover_(cover), cirrus_(cirrus), seed_(seed) {}

float Clouds::density(Vec3f p, int octaves) const {
    const float h = (p.y - kBase) / (kTop - kBase);
    if (h <= 0 || h >= 1 || cover_ <= 0) {
        return 0;
    }
    const Vec3f q = (1 / kLargest) * Vec3f{p.x, 1.6f * p.y, p.z};
    // Flat below, heaped above; a cover of one has no gaps.
    const float profile = smooth(0, 0.08f, h) * (1 - smooth(0.25f, 1.0f, h));
    const float base = 0.5f + 0.75f * gradient_noise(q, seed_);
    const float threshold = 1.06f - 1.3f * cover_;
    float shape = base * (0.55f + 0.45f * profile) - threshold - 0.25f * (1 - profile);
    if (shape < -0.25f) {
        return 0;
    }
    shape += 0.36f * fractal_noise(2.3f * q, octaves, seed_ + 77);
    return std::clamp(4.5f * shape, 0.0f, 1.0f) * std::min(1.0f, 6 * profile);
}

float Clouds::sun_through(Vec3f sun) const {
    if (sun.y < 0.02f) {
        return cover_ > 0.85f ? 0.0f : 1.0f;
    }
    constexpr int kSteps = 32;
    const float begin = kBase / sun.y, step = (kTop - kBase) / sun.y / kSteps;
    float depth = 0;
    for (int i = 0; i < kSteps; ++i) {
        depth += step * kExtinction * density((begin + (i + 0.5f) * step) * sun, 4);
    }
    return std::exp(-depth);
}

CloudSight Clouds::look_at_cirrus(Vec3f d, const CloudLight& light) const {
    CloudSight sight;
    if (cirrus_ <= 0 || d.y < 0.015f) {
        return sight;
    }
    const float t = kCirrusHeight / d.y;
    const Vec2f q{d.x * t / 9000, d.z * t / 3500};
    const float warp = gradient_noise(q, seed_ + 5);
    const float wisp =
        fractal_noise(Vec2f{q.x + 0.7f * warp, q.y + 0.4f * warp}, 6, seed_ + 9, t * 2e-7f);
    const float thickness =
        cirrus_ * std::clamp(0.35f + wisp, 0.0f, 1.0f) * smooth(0.015f, 0.1f, d.y);
    sight.transmittance = std::exp(-0.8f * thickness);
    const float cosine = dot(d, light.sun);
    const float phase = 0.6f * henyey_greenstein(cosine, 0.75f) + 0.4f / (4 * kPiF);
    sight.radiance = (1 - sight.transmittance) * (phase * light.illuminance + 0.6f * light.sky);
    sight.distance = t;
    return sight;
}

CloudSight Clouds::look(Vec3f d, const CloudLight& light) const {
    CloudSight sight = look_at_cirrus(d, light);
    if (cover_ <= 0 || d.y < 0.01f) {
        return sight;
    }
    const float begin = kBase / d.y, end = std::min(kTop / d.y, begin + 9000);
    if (begin > kFarthest) {
        return sight;
    }
    const int steps = d.y > 0.3f ? 24 : 36;
    const float step = (end - begin) / steps;
    const float cosine = dot(d, light.sun);
    // Several orders of scattering as in Wrenninge's approximation: each wider and weaker.
    const float phase[2] = {0.75f * henyey_greenstein(cosine, 0.8f) +
                                0.25f * henyey_greenstein(cosine, -0.2f),
                            0.7f * henyey_greenstein(cosine, 0.3f) + 0.3f / (4 * kPiF)};
    Vec3f sum;
    float through = 1, distance = 0, weight = 0;
    for (int i = 0; i < steps && through > 0.01f; ++i) {
        const float t = begin + (i + 0.5f) * step;
        const Vec3f p = t * d;
        const float here = density(p, 5);
        if (here <= 0) {
            continue;
        }
        float depth = 0;
        constexpr float kLightSteps[4] = {60, 140, 300, 600};
        float along = 0;
        for (const float light_step : kLightSteps) {
            depth +=
                light_step * kExtinction * density(p + (along + 0.5f * light_step) * light.sun, 2);
            along += light_step;
        }
        const float h = (p.y - kBase) / (kTop - kBase);
        const Vec3f ambient = (0.35f + 0.65f * h) * light.sky + (0.4f - 0.4f * h) * light.ground;
        const Vec3f source =
            (phase[0] * std::exp(-depth) + 1.3f * phase[1] * std::exp(-0.22f * depth) +
             0.5f / (4 * kPiF) * std::exp(-0.05f * depth)) *
                light.illuminance +
            ambient;
        const float pass = std::exp(-kExtinction * here * step);
        sum += (through * (1 - pass)) * source;
        distance += through * (1 - pass) * t;
        weight += through * (1 - pass);
        through *= pass;
    }
    if (weight > 0) {
        distance /= weight;
        sight.radiance = sum + through * sight.radiance;
        sight.distance = distance;
        sight.transmittance *= through;
    }
    return sight;
}

} // namespace rih
