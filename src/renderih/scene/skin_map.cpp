// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/skin_map.h"

#include "renderih/base/error.h"
#include "renderih/scene/skin_noise.h"

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

// How the regions differ from the back of the hand. The palm holds a third of its melanin in every
// tone, which shows on dark hands most; more blood shows through at knuckles and fingertips; the
// skin over the finger joints is darker the more melanin there is.
constexpr double kPalmMelanin = 0.3, kPalmHaemoglobin = 1.15;
constexpr double kKnuckleMelanin = 1.25, kKnuckleHaemoglobin = 1.45, kKnuckleReachM = 0.009;
constexpr double kTipHaemoglobin = 1.4, kTipReachM = 0.011;
constexpr double kNailMelanin = 0.5, kNailHaemoglobin = 0.85, kNailRoughness = 0.25;
// The nail plate itself: keratin that scatters a little of the light before it meets the bed.
constexpr std::array<double, 3> kKeratin{0.62, 0.50, 0.42};
constexpr double kKeratinPart = 0.2;
// Spots of 12 mm in the blood, of 6 mm in the melanin, and grain of 2.5 mm.
constexpr double kMottleSizeM = 0.012, kMottleHaemoglobin = 0.18;
constexpr double kPatchSizeM = 0.006, kPatchMelanin = 0.07;
constexpr double kGrainSizeM = 0.0025, kGrain = 0.03, kGrainRoughness = 0.02;

/// 1 at the nearest of `centres`, falling as a Gaussian.
double nearness(const Points& centres, const Vec3& place, double reach_m) {
    double nearest = 1e9;
    for (Eigen::Index i = 0; i < centres.rows(); ++i) {
        nearest = std::min(nearest, (centres.row(i).transpose() - place).squaredNorm());
    }
    return std::exp(-0.5 * nearest / (reach_m * reach_m));
}

double mix(double a, double b, double t) {
    return a + (b - a) * t;
}

/// How much of a change within the range that noise may make: bounded, so never a stray colour.
double factor(double deviation, double amount) {
    return std::exp(amount * std::clamp(deviation, -2.5, 2.5));
}

} // namespace

SkinAttributes
skin_attributes(const SkinRegions& regions, const SkinTone& tone, std::uint64_t noise_seed) {
    const auto count = static_cast<std::size_t>(regions.rest_vertices.rows());
    RIH_ASSERT(regions.palm.size() == count &&
                   (regions.nail.empty() || regions.nail.size() == count),
               "skin regions of {} vertices, {} palm and {} nail values",
               count,
               regions.palm.size(),
               regions.nail.size());
    SkinAttributes skin;
    skin.albedo.reserve(count);
    skin.roughness.reserve(count);
    for (std::size_t v = 0; v < count; ++v) {
        const Vec3 place = regions.rest_vertices.row(static_cast<Eigen::Index>(v));
        const double palm = std::clamp(regions.palm[v], 0.0, 1.0);
        const double nail = regions.nail.empty() ? 0.0 : std::clamp(regions.nail[v], 0.0, 1.0);
        const double knuckle = (1.0 - palm) * nearness(regions.knuckles, place, kKnuckleReachM);
        const double tip = nearness(regions.fingertips, place, kTipReachM);
        const double grain = fractal_noise(place, kGrainSizeM, 2, noise_seed ^ 0x67u);

        SkinPigments pigments = tone.pigments;
        pigments.melanin *=
            mix(mix(1.0, kKnuckleMelanin, knuckle), kPalmMelanin, palm) *
            factor(fractal_noise(place, kPatchSizeM, 3, noise_seed ^ 0x70u), kPatchMelanin);
        pigments.haemoglobin *=
            mix(1.0, kPalmHaemoglobin, palm) * mix(1.0, kKnuckleHaemoglobin, knuckle) *
            mix(1.0, kTipHaemoglobin, tip) *
            factor(fractal_noise(place, kMottleSizeM, 3, noise_seed ^ 0x6du), kMottleHaemoglobin);
        std::array<double, 3> albedo = skin_albedo(pigments);
        for (double& value : albedo) {
            value = std::min(value * factor(grain, kGrain), 0.95);
        }
        double roughness = std::clamp(tone.roughness + 0.05 * palm +
                                          kGrainRoughness * std::clamp(grain, -2.0, 2.0),
                                      0.2,
                                      0.8);
        if (nail > 0) {
            const std::array<double, 3> bed =
                skin_albedo({.melanin = tone.pigments.melanin * kNailMelanin,
                             .haemoglobin = tone.pigments.haemoglobin * kNailHaemoglobin});
            for (std::size_t c = 0; c < 3; ++c) {
                albedo[c] = mix(albedo[c], mix(bed[c], kKeratin[c], kKeratinPart), nail);
            }
            roughness = mix(roughness, kNailRoughness, nail);
        }
        skin.albedo.push_back({static_cast<float>(albedo[0]),
                               static_cast<float>(albedo[1]),
                               static_cast<float>(albedo[2])});
        skin.roughness.push_back(static_cast<float>(roughness));
    }
    return skin;
}

} // namespace rih
