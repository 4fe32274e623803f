// SPDX-License-Identifier: Apache-2.0
// For tests of reflections: what a lobe reflects, integrated without its own sampler, and whether
// it samples what it says.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/math/sampling_chi_square.h"
#include "renderih/render/specular_tables.h"

namespace rih::testing {

inline Vec3f direction_at_deg(double angle, double azimuth = 0) {
    const double s = std::sin(angle * kDegree);
    return {float(s * std::cos(azimuth * kDegree)),
            float(s * std::sin(azimuth * kDegree)),
            float(std::cos(angle * kDegree))};
}

inline Vec3f to_float(const Vec3& v) {
    return {float(v.x()), float(v.y()), float(v.z())};
}

/// int f cos dwi for `wo` in the plane y = 0, over half vectors whose tangent is spread about
/// `width`: midpoints, none of the lobe's own sampling.
template <typename Lobe>
double reflected_share(const Lobe& lobe, Vec3f wo, double width) {
    constexpr int kTangents = 500, kAzimuths = 160;
    const Vec3 o(double(wo.x), double(wo.y), double(wo.z));
    double sum = 0;
    for (int j = 0; j < kTangents; ++j) {
        const double v = (j + 0.5) / kTangents;
        const double tangent = width * v / (1 - v);
        const double z = 1 / std::sqrt(1 + tangent * tangent);
        const double r = tangent * z;
        const double area = r * z * z * width / ((1 - v) * (1 - v)) / kTangents * kPi / kAzimuths;
        for (int i = 0; i < kAzimuths; ++i) {
            const double phi = kPi * (i + 0.5) / kAzimuths;
            const Vec3 h(r * std::cos(phi), r * std::sin(phi), z);
            const double cosine = o.dot(h);
            const Vec3 wi = 2 * cosine * h - o;
            if (cosine > 0 && wi.z() > 0) {
                sum += 2 * area * 4 * cosine * wi.z() * double(lobe.eval(wo, to_float(wi)));
            }
        }
    }
    return sum;
}

/// `sample(u, pick)` against `density(wi)`, over the half vector's azimuth and its tangent spread
/// about `width`, where the densities of narrow lobes and of grazing light are even.
template <typename Sample, typename Density>
ChiSquare chi_square_lobe(Vec3f wo, double width, const Sample& sample, const Density& density) {
    Rng rng(3, 0, "test_lobes");
    const Vec3 o(double(wo.x), double(wo.y), double(wo.z));
    return chi_square(
        [&] {
            const float x = rng.uniform_float(), y = rng.uniform_float();
            const Vec3f wi = sample(Vec2f{x, y}, rng.uniform_float());
            if (!(wi.z > 0)) {
                return Vec2(-1, -1);
            }
            const Vec3 h = o + Vec3(double(wi.x), double(wi.y), double(wi.z));
            const double tangent = std::hypot(h.x(), h.y()) / h.z();
            return Vec2(std::atan2(h.y(), h.x()) / (2 * kPi) + 0.5, tangent / (tangent + width));
        },
        [&](double x, double v) {
            const double phi = 2 * kPi * (x - 0.5), tangent = width * v / (1 - v);
            const double z = 1 / std::sqrt(1 + tangent * tangent), r = tangent * z;
            const Vec3 h(r * std::cos(phi), r * std::sin(phi), z);
            const double cosine = o.dot(h);
            const Vec3 wi = 2 * cosine * h - o;
            const double area = 2 * kPi * r * z * z * width / ((1 - v) * (1 - v));
            return cosine > 0 && wi.z() > 0 ? area * 4 * cosine * double(density(to_float(wi)))
                                            : 0.0;
        },
        24,
        32);
}

/// A material's specular layer with the tables it needs.
struct TestLayer {
    explicit TestLayer(const Material& material)
        : tables(make_specular_tables(material, material.coat.weight > 0)),
          layer(SpecularLayer::make(tables.view(material),
                                    static_cast<float>(material.roughness),
                                    static_cast<float>(material.coat.weight))) {}
    SpecularTables tables;
    SpecularLayer layer;
};

} // namespace rih::testing
