// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/denoise.h"

#include "renderih/base/error.h"
#include "renderih/image/denoiser.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rih {

namespace {

/// Squares of light over a dark albedo must stay finite: light above 2^kLargest is scaled down.
constexpr int kLargest = 40;

ImageF scaled_down(const ImageF& image, int exponent) {
    ImageF scaled = image;
    for (float& v : scaled.values()) {
        v = std::ldexp(v, -exponent);
    }
    return scaled;
}

/// A power of two changes no digit. What the denoiser left as it was comes back as it was, however
/// dark beside the brightest pixel.
ImageF denoise_scaled(const ImageF& radiance,
                      const DenoiseGuides& guides,
                      const DenoiseOptions& options,
                      int exponent) {
    const ImageF scaled = scaled_down(radiance, exponent);
    const ImageF noise = guides.noise != nullptr ? scaled_down(*guides.noise, exponent) : ImageF();
    DenoiseGuides scaled_guides = guides;
    scaled_guides.noise = &noise;
    ImageF result = Denoiser(scaled, scaled_guides, options).run();
    constexpr float kMax = std::numeric_limits<float>::max();
    for (std::size_t i = 0; i < result.values().size(); ++i) {
        float& v = result.values()[i];
        v = v == scaled.values()[i]
                ? radiance.values()[i]
                : std::ldexp(std::min(v, std::ldexp(kMax, -exponent)), exponent);
    }
    return result;
}

} // namespace

void DenoiseOptions::validate() const {
    RIH_REQUIRE(levels >= 1 && levels <= 6, "denoise levels is {}, wanted 1 .. 6", levels);
    RIH_REQUIRE(
        strength >= 0 && strength <= 10, "denoise strength is {}, wanted 0 .. 10", strength);
    RIH_REQUIRE(luminance_sigmas > 0 && luminance_sigmas <= 100,
                "denoise luminance_sigmas is {}, wanted over 0, at most 100",
                luminance_sigmas);
    RIH_REQUIRE(chroma_sigmas >= luminance_sigmas && chroma_sigmas <= 1000,
                "denoise chroma_sigmas is {}, wanted luminance_sigmas ({}) .. 1000",
                chroma_sigmas,
                luminance_sigmas);
    RIH_REQUIRE(chroma_levels >= 0 && chroma_levels <= 3,
                "denoise chroma_levels is {}, wanted 0 .. 3",
                chroma_levels);
    RIH_REQUIRE(normal_cutoff_deg >= 1 && normal_cutoff_deg <= 90,
                "denoise normal_cutoff_deg is {}, wanted 1 .. 90",
                normal_cutoff_deg);
    RIH_REQUIRE(depth_tolerance > 0 && depth_tolerance <= 1,
                "denoise depth_tolerance is {}, wanted over 0, at most 1",
                depth_tolerance);
    RIH_REQUIRE(firefly_factor >= 1 && firefly_factor <= 1e6,
                "denoise firefly_factor is {}, wanted 1 .. 1e6",
                firefly_factor);
}

ImageF denoise(const ImageF& radiance, const DenoiseGuides& guides, const DenoiseOptions& options) {
    options.validate();
    RIH_ASSERT(guides.albedo && guides.normal && guides.depth_z && guides.hand, "no guide");
    const auto check = [&](const char* name, const auto& image, int channels) {
        RIH_REQUIRE(image.width() == radiance.width() && image.height() == radiance.height() &&
                        image.channels() == channels,
                    "denoise: {} is {} x {} with {} channels, wanted {} x {} with {}",
                    name,
                    image.width(),
                    image.height(),
                    image.channels(),
                    radiance.width(),
                    radiance.height(),
                    channels);
    };
    check("radiance", radiance, 3);
    check("albedo", *guides.albedo, 3);
    check("normal", *guides.normal, 3);
    check("depth_z", *guides.depth_z, 1);
    check("hand", *guides.hand, 1);
    if (guides.noise != nullptr && !guides.noise->empty()) {
        check("noise", *guides.noise, 3);
    }
    if (options.strength == 0 || radiance.empty()) {
        return radiance;
    }
    const float largest = *std::ranges::max_element(radiance.values());
    const int exponent = largest > 0 ? std::ilogb(largest) - kLargest : 0;
    return exponent > 0 ? denoise_scaled(radiance, guides, options, exponent)
                        : Denoiser(radiance, guides, options).run();
}

} // namespace rih
