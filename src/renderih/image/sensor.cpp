// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor.h"

#include "renderih/base/error.h"
#include "renderih/image/colour.h"
#include "renderih/math/vec.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace rih {
namespace {

constexpr double kDarkest = 1e-6; // below it the logarithm of a black pixel would rule the mean

Vec3f pixel_of(const ImageF& image, int x, int y) {
    return {image.at(x, y, 0), image.at(x, y, 1), image.at(x, y, 2)};
}

/// The colour cast of the light: mean of the picture, each pixel bounded so that no lamp rules it.
std::array<double, 3> mean_colour(const ImageF& radiance, double bound) {
    std::array<double, 3> sum{};
    for (int y = 0; y < radiance.height(); ++y) {
        for (int x = 0; x < radiance.width(); ++x) {
            const Vec3f rgb = pixel_of(radiance, x, y);
            const double scale = std::min(1.0, bound / std::max<double>(luminance(rgb), kDarkest));
            for (int c = 0; c < 3; ++c) {
                sum[static_cast<std::size_t>(c)] += scale * static_cast<double>(rgb[c]);
            }
        }
    }
    return sum;
}

/// Factors on R, G and B that take away `part` of the cast and keep green.
std::array<double, 3> white_balance(const std::array<double, 3>& cast, double part) {
    std::array<double, 3> gains{};
    for (std::size_t c = 0; c < 3; ++c) {
        const double gain = cast[1] / std::max(cast[c], 1e-9);
        gains[c] = std::pow(std::clamp(gain, 0.5, 2.0), part);
    }
    return gains;
}

/// The identity below `start`; above it an exponential approach to 1 with the same slope.
double soft_shoulder(double value, double start) {
    if (value <= start) {
        return value;
    }
    return 1.0 - (1.0 - start) * std::exp(-(value - start) / (1.0 - start));
}

/// What a pixel without lens, sensor and curve would be; then each is added in turn.
struct Camera8 {
    std::array<double, 3> gains{1, 1, 1}; // exposure times white balance
    double vignetting = 0;
    double full_well = 0; // electrons; 0 = no noise
    double read_noise = 0;
    double shoulder_start = 1;
};

/// Light left at a pixel: falls with the fourth power of the distance from the middle, 1 there and
/// 1 - vignetting in the corners.
double light_left(const Camera8& camera, const ImageF& image, int x, int y) {
    const double dx = (x + 0.5) / image.width() - 0.5, dy = (y + 0.5) / image.height() - 0.5;
    const double r2 = 2.0 * (dx * dx + dy * dy);
    return 1.0 - camera.vignetting * r2 * r2;
}

Image8 expose(const ImageF& radiance, const Camera8& camera, std::uint64_t noise_seed) {
    Image8 image(radiance.width(), radiance.height(), 3);
    for (int y = 0; y < radiance.height(); ++y) {
        for (int x = 0; x < radiance.width(); ++x) {
            const double light = light_left(camera, radiance, x, y);
            Rng noise(noise_seed,
                      static_cast<std::uint64_t>(y) << 32 | static_cast<unsigned>(x),
                      "sensor noise");
            for (int c = 0; c < 3; ++c) {
                const double clean =
                    light * camera.gains[static_cast<std::size_t>(c)] * radiance.at(x, y, c);
                double value = clean;
                if (camera.full_well > 0) {
                    // Photons arrive as a Poisson process; by the hundreds it is a normal one.
                    const double electrons = camera.full_well * std::min(clean, 8.0);
                    value = clean + std::sqrt(electrons + camera.read_noise * camera.read_noise) *
                                        noise.normal() / camera.full_well;
                }
                const double shown =
                    std::clamp(soft_shoulder(value, camera.shoulder_start), 0.0, 1.0);
                image.at(x, y, c) =
                    static_cast<std::uint8_t>(srgb_from_linear(shown) * 255.0 + 0.5);
            }
        }
    }
    return image;
}

/// The linear value that is shown as 99 % of white.
double blown_out_value(double shoulder_start) {
    return shoulder_start < 1
               ? shoulder_start + (1 - shoulder_start) * std::log((1 - shoulder_start) / 0.01)
               : 0.99;
}

/// What a `part` of the hands' pixels exceed in their brightest channel, at the camera's gains; 0
/// where there is no hand.
double
bright_hand_value(const ImageF& radiance, const Image8& hand, const Camera8& camera, double part) {
    std::vector<double> values;
    for (int y = 0; y < radiance.height() && !hand.empty(); ++y) {
        for (int x = 0; x < radiance.width(); ++x) {
            if (hand.at(x, y) != 0) {
                double most = 0;
                for (int c = 0; c < 3; ++c) {
                    most = std::max(most,
                                    camera.gains[static_cast<std::size_t>(c)] *
                                        static_cast<double>(radiance.at(x, y, c)));
                }
                values.push_back(most * light_left(camera, radiance, x, y));
            }
        }
    }
    if (values.empty()) {
        return 0;
    }
    const auto rank =
        static_cast<std::ptrdiff_t>((1 - part) * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values[static_cast<std::size_t>(rank)];
}

void require_range(bool good, const char* field, const char* range) {
    RIH_REQUIRE(good, "sensor: {} must be {}", field, range);
}

} // namespace

void SensorOptions::validate() const {
    require_range(middle_grey >= 0.01 && middle_grey <= 0.9, "middle_grey", "0.01..0.9");
    require_range(hand_weight >= 0 && hand_weight <= 1, "hand_weight", "0..1");
    require_range(max_exposure_jitter_ev >= 0 && max_exposure_jitter_ev <= 4,
                  "max_exposure_jitter_ev",
                  "0..4");
    require_range(max_white_balance_part >= 0 && max_white_balance_part <= 1,
                  "max_white_balance_part",
                  "0..1");
    require_range(max_vignetting >= 0 && max_vignetting <= 0.9, "max_vignetting", "0..0.9");
    require_range(min_full_well >= 100 && min_full_well <= max_full_well && max_full_well <= 1e7,
                  "min_full_well <= max_full_well",
                  "100..1e7");
    require_range(max_read_noise >= 1 && max_read_noise <= 1000, "max_read_noise", "1..1000");
    require_range(max_blown_part >= 0 && max_blown_part <= 1, "max_blown_part", "0..1");
    require_range(shoulder_start > 0 && shoulder_start < 1, "shoulder_start", "0..1");
}

std::map<std::string, double> SensorDraw::numbers() const {
    return {{"exposure_jitter_ev", exposure_jitter_ev},
            {"white_balance_part", white_balance_part},
            {"vignetting", vignetting},
            {"full_well_electrons", full_well},
            {"read_noise_electrons", read_noise}};
}

SensorDraw draw_sensor(const SensorOptions& options, Rng& rng) {
    SensorDraw draw;
    draw.exposure_jitter_ev = rng.uniform(-1, 1) * options.max_exposure_jitter_ev;
    draw.white_balance_part = rng.uniform() * options.max_white_balance_part;
    draw.vignetting = rng.uniform() * options.max_vignetting;
    draw.full_well = options.min_full_well *
                     std::pow(options.max_full_well / options.min_full_well, rng.uniform());
    draw.read_noise = rng.uniform(1.0, options.max_read_noise);
    draw.noise_seed = rng.next_u64();
    return draw;
}

double meter_luminance(const ImageF& radiance, const Image8& hand, double hand_weight) {
    double hand_sum = 0, all_sum = 0;
    std::int64_t hand_pixels = 0;
    for (int y = 0; y < radiance.height(); ++y) {
        for (int x = 0; x < radiance.width(); ++x) {
            const double value =
                std::log(std::max<double>(luminance(pixel_of(radiance, x, y)), kDarkest));
            all_sum += value;
            if (!hand.empty() && hand.at(x, y) != 0) {
                hand_sum += value;
                ++hand_pixels;
            }
        }
    }
    const double all = all_sum / std::max<double>(1.0, radiance.width() * radiance.height());
    if (hand_pixels == 0) {
        return std::exp(all);
    }
    const double hands = hand_sum / static_cast<double>(hand_pixels);
    return std::exp(hand_weight * hands + (1.0 - hand_weight) * all);
}

SensorResult
develop(const ImageF& radiance, const Image8& hand, const SensorOptions& options, Rng rng) {
    options.validate();
    RIH_ASSERT(radiance.channels() == 3 && !radiance.empty() &&
                   (hand.empty() ||
                    (hand.width() == radiance.width() && hand.height() == radiance.height())),
               "develop: radiance {} x {} x {}, hand mask {} x {}",
               radiance.width(),
               radiance.height(),
               radiance.channels(),
               hand.width(),
               hand.height());
    const double metered = meter_luminance(radiance, hand, options.hand_weight);
    SensorResult result;
    result.exposure_ev = std::log2(options.middle_grey / metered);
    Camera8 camera;
    std::uint64_t noise_seed = 0;
    if (options.enabled) {
        const SensorDraw draw = draw_sensor(options, rng);
        camera.vignetting = draw.vignetting;
        camera.full_well = draw.full_well;
        camera.read_noise = draw.read_noise;
        camera.shoulder_start = options.shoulder_start;
        noise_seed = draw.noise_seed;
        result.exposure_ev += draw.exposure_jitter_ev;
        camera.gains = white_balance(mean_colour(radiance, 4.0 * metered), draw.white_balance_part);
        result.values = draw.numbers();
        result.values["gain_red"] = camera.gains[0];
        result.values["gain_blue"] = camera.gains[2];
    }
    const double brightest = std::exp2(result.exposure_ev) *
                             bright_hand_value(radiance, hand, camera, options.max_blown_part);
    const double highlights_ev =
        std::max(0.0, std::log2(brightest / blown_out_value(camera.shoulder_start)));
    result.exposure_ev -= highlights_ev;
    result.values["highlights_ev"] = highlights_ev;
    for (double& gain : camera.gains) {
        gain *= std::exp2(result.exposure_ev);
    }
    result.image = expose(radiance, camera, noise_seed);
    return result;
}

} // namespace rih
