// SPDX-License-Identifier: Apache-2.0
#include "renderih/image/sensor/sensor.h"

#include "renderih/base/error.h"
#include "renderih/image/colour.h"
#include "renderih/image/sensor/demosaic.h"
#include "renderih/image/sensor/exposure.h"
#include "renderih/image/sensor/false_colour.h"

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

/// What counts as blown out, in linear light: 252 of 255.
constexpr double kBlownOut = 0.97;

void require_range(bool good, const char* field, const char* range) {
    RIH_REQUIRE(good, "sensor: {} must be {}", field, range);
}

ImageF scaled(const ImageF& image, const std::array<double, 3>& factors) {
    ImageF result = image;
    for (std::size_t i = 0; i < result.values().size(); ++i) {
        result.values()[i] *= static_cast<float>(factors[i % 3]);
    }
    return result;
}

/// The read-out times what makes white white again, a full photosite no brighter than in green.
ImageF white_balanced(ImageF raw, const std::array<double, 3>& gains) {
    for (int y = 0; y < raw.height(); ++y) {
        for (int x = 0; x < raw.width(); ++x) {
            for (int k = 0; k < raw.channels(); ++k) {
                const int c = raw.channels() == 1 ? bayer_channel(x, y) : k;
                const double factor = gains[static_cast<std::size_t>(c)] /
                                      kChannelResponse[static_cast<std::size_t>(c)];
                raw.at(x, y, k) = static_cast<float>(
                    std::min(static_cast<double>(raw.at(x, y, k)) * factor, kSaturation));
            }
        }
    }
    return raw;
}

/// Of luminance in a picture of white 1, as noise reduction takes it to be.
NoiseLevel noise_level(const RawSensor& raw) {
    const double sites = 0.5 * raw.side * raw.side; // green ones
    const double electrons = raw.white_electrons * std::max(sites, 1.0);
    return {1 / electrons, raw.read_noise * std::sqrt(std::max(sites, 1.0)) / electrons};
}

/// The tone curve and sRGB's by table: two powers a value would take a tenth of all this.
ImageF encoded(const ImageF& linear, const ToneCurve& tone) {
    // Even steps of the root, in which the curve is nearly straight, up to the brightest value.
    constexpr int kSteps = 4096;
    const float brightest = std::max(*std::ranges::max_element(linear.values()), 1e-6f);
    std::array<float, kSteps + 2> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const double root = static_cast<double>(i) / kSteps;
        table[i] = static_cast<float>(
            srgb_from_linear(tone.shown(root * root * static_cast<double>(brightest))));
    }
    ImageF result(linear.width(), linear.height(), 3);
    for (std::size_t i = 0; i < result.values().size(); ++i) {
        const float place = kSteps * std::sqrt(std::max(linear.values()[i], 0.0f) / brightest);
        const auto step = static_cast<std::size_t>(place);
        const float part = place - static_cast<float>(step);
        result.values()[i] = (1 - part) * table[step] + part * table[step + 1];
    }
    return result;
}

Image8 rounded(const ImageF& encoded) {
    Image8 result(encoded.width(), encoded.height(), encoded.channels());
    for (std::size_t i = 0; i < result.values().size(); ++i) {
        result.values()[i] =
            static_cast<std::uint8_t>(std::clamp(encoded.values()[i], 0.0f, 1.0f) * 255 + 0.5f);
    }
    return result;
}

/// By how much to hold the exposure back so that no more than the allowed part of the hands is
/// blown out, and to push it so that no hand drowns, but not into the highlights.
struct Corrections {
    double highlights_ev = 0, shadows_ev = 0;
    double ev() const { return shadows_ev - highlights_ev; }
};
Corrections correct_exposure(const ImageF& rgb,
                             const Image8& hand,
                             const SensorOptions& options,
                             double white) {
    Corrections corrections;
    const double bright = bright_hand_value(rgb, hand, options.max_blown_part);
    if (bright <= 0) {
        return corrections;
    }
    const double room_ev = std::log2(white / bright);
    corrections.highlights_ev = std::max(0.0, -room_ev);
    const double dark = dark_hand_value(rgb, hand);
    if (dark > 0) {
        const double wanted_ev = std::log2(options.min_hand_value / dark);
        corrections.shadows_ev = std::clamp(wanted_ev, 0.0, std::max(0.0, room_ev));
    }
    return corrections;
}

} // namespace

void SensorOptions::validate() const {
    require_range(middle_grey >= 0.01 && middle_grey <= 0.7, "middle_grey", "0.01..0.7");
    require_range(hand_weight >= 0 && hand_weight <= 1, "hand_weight", "0..1");
    require_range(max_exposure_jitter_ev >= 0 && max_exposure_jitter_ev <= 4,
                  "max_exposure_jitter_ev",
                  "0..4");
    require_range(max_blown_part >= 0 && max_blown_part <= 1, "max_blown_part", "0..1");
    require_range(min_hand_value >= 0 && min_hand_value <= 0.5, "min_hand_value", "0..0.5");
    require_range(min_blur_px >= 0 && min_blur_px <= max_blur_px && max_blur_px <= 1,
                  "min_blur_px <= max_blur_px",
                  "0..1");
    require_range(max_colour_shift >= 0 && max_colour_shift <= 0.1, "max_colour_shift", "0..0.1");
    require_range(max_vignetting >= 0 && max_vignetting <= 0.9, "max_vignetting", "0..0.9");
    require_range(min_full_well >= 100 && min_full_well <= max_full_well && max_full_well <= 1e7,
                  "min_full_well <= max_full_well",
                  "100..1e7");
    require_range(max_iso >= 100 && max_iso <= 1e6, "max_iso", "100..1e6");
    require_range(min_white_electrons >= 1 && min_white_electrons <= min_full_well,
                  "min_white_electrons",
                  "1..min_full_well");
    require_range(max_read_noise >= 1 && max_read_noise <= 1000, "max_read_noise", "1..1000");
    require_range(max_white_balance_part >= 0 && max_white_balance_part <= 1,
                  "max_white_balance_part",
                  "0..1");
    require_range(max_colour_error >= 0 && max_colour_error <= 0.2, "max_colour_error", "0..0.2");
    require_range(min_saturation >= 0 && min_saturation <= max_saturation && max_saturation <= 2,
                  "min_saturation <= max_saturation",
                  "0..2");
    require_range(
        max_noise_reduction >= 0 && max_noise_reduction <= 1, "max_noise_reduction", "0..1");
    require_range(min_contrast >= 0.5 && min_contrast <= max_contrast && max_contrast <= 2,
                  "min_contrast <= max_contrast",
                  "0.5..2");
    require_range(shoulder_start > 0 && shoulder_start < 0.98, "shoulder_start", "0..0.98");
    require_range(max_sharpening >= 0 && max_sharpening <= 5, "max_sharpening", "0..5");
    require_range(min_quality >= 1 && min_quality <= max_quality && max_quality <= 100,
                  "min_quality <= max_quality",
                  "1..100");
}

std::map<std::string, double> SensorDraw::numbers() const {
    return {{"adc_bits", raw.adc_bits},
            {"chroma_subsampled", chroma_subsampled ? 1 : 0},
            {"colour_error_blue_green", colour.error[5]},
            {"colour_error_blue_red", colour.error[4]},
            {"colour_error_green_blue", colour.error[3]},
            {"colour_error_green_red", colour.error[2]},
            {"colour_error_red_blue", colour.error[1]},
            {"colour_error_red_green", colour.error[0]},
            {"colour_noise_reduction", noise_reduction.colour},
            {"contrast", tone.contrast},
            {"exposure_jitter_ev", exposure_jitter_ev},
            {"filter_overlap", colour.overlap},
            {"full_well_electrons", full_well},
            {"iso", iso},
            {"jpeg_quality", quality},
            {"lens_blur_px", optics.blur_px},
            {"magnification_blue", optics.blue_scale},
            {"magnification_red", optics.red_scale},
            {"noise_reduction", noise_reduction.luminance},
            {"nonuniformity", raw.nonuniformity},
            {"photosites_per_side", raw.side},
            {"read_noise_electrons", raw.read_noise},
            {"row_noise_electrons", raw.row_noise},
            {"saturation", colour.saturation},
            {"sharpening", sharpening.amount},
            {"sharpening_radius_px", sharpening.radius_px},
            {"vignetting", optics.vignetting},
            {"white_balance_part", white_balance_part},
            {"white_electrons", raw.white_electrons}};
}

SensorDraw draw_sensor(const SensorOptions& options, Rng& rng) {
    SensorDraw draw;
    draw.exposure_jitter_ev = rng.uniform(-1, 1) * options.max_exposure_jitter_ev;
    draw.optics.blur_px = rng.uniform(options.min_blur_px, options.max_blur_px);
    draw.optics.red_scale = 1 + rng.uniform(-1, 1) * options.max_colour_shift;
    draw.optics.blue_scale = 1 + rng.uniform(-1, 1) * options.max_colour_shift;
    draw.optics.vignetting = rng.uniform() * options.max_vignetting;

    // Half of the pictures as they left a small sensor, the others reduced from a larger one.
    const double side = rng.uniform();
    draw.raw.side = side < 0.5 ? 1 : side < 0.75 ? 2 : 4;
    draw.full_well = options.min_full_well *
                     std::pow(options.max_full_well / options.min_full_well, rng.uniform());
    const double most_iso =
        std::min(options.max_iso, 100 * draw.full_well / options.min_white_electrons);
    draw.iso = 100 * std::pow(most_iso / 100, rng.uniform());
    draw.raw.white_electrons = draw.full_well * 100 / draw.iso;
    draw.raw.read_noise = rng.uniform(1.0, options.max_read_noise);
    draw.raw.row_noise = rng.uniform(0, 0.2) * draw.raw.read_noise;
    draw.raw.nonuniformity = rng.uniform(0.002, 0.01);
    draw.raw.adc_bits = 10 + 2 * static_cast<int>(rng.uniform_index(3));
    draw.raw.noise_seed = rng.next_u64();

    draw.white_balance_part =
        rng.uniform(std::min(0.2, options.max_white_balance_part), options.max_white_balance_part);
    draw.colour.overlap = rng.uniform(0.6, 1);
    for (double& error : draw.colour.error) {
        error = rng.uniform(-1, 1) * options.max_colour_error;
    }
    draw.colour.saturation = rng.uniform(options.min_saturation, options.max_saturation);
    draw.noise_reduction.luminance = rng.uniform() * options.max_noise_reduction;
    draw.noise_reduction.colour = rng.uniform(0.5, 1);
    draw.tone = {options.middle_grey,
                 rng.uniform(options.min_contrast, options.max_contrast),
                 options.shoulder_start};
    draw.sharpening.amount = rng.uniform() * options.max_sharpening;
    draw.sharpening.radius_px = rng.uniform(0.6, 1.2);
    draw.quality = options.min_quality +
                   static_cast<int>(rng.uniform_index(
                       static_cast<std::uint32_t>(options.max_quality - options.min_quality + 1)));
    draw.chroma_subsampled = rng.uniform() < 0.5;
    return draw;
}

SensorResult develop(const ImageF& radiance,
                     const Image8& hand,
                     const Vec2& axis_px,
                     const SensorOptions& options,
                     Rng rng) {
    options.validate();
    RIH_ASSERT(radiance.channels() == 3 && radiance.width() >= 3 && radiance.height() >= 3 &&
                   (hand.empty() ||
                    (hand.width() == radiance.width() && hand.height() == radiance.height())),
               "develop: radiance {} x {} x {}, hand mask {} x {}",
               radiance.width(),
               radiance.height(),
               radiance.channels(),
               hand.width(),
               hand.height());
    SensorResult result;
    const double metered = meter_luminance(radiance, hand, options.hand_weight);
    const double base_ev = std::log2(options.middle_grey / metered);
    const auto at_ev = [](const ImageF& image, double ev) {
        const double factor = std::exp2(ev);
        return scaled(image, {factor, factor, factor});
    };
    const auto finish = [&](double ev, const Corrections& corrections) {
        result.exposure_ev = ev + corrections.ev();
        result.values["highlights_ev"] = corrections.highlights_ev;
        result.values["shadows_ev"] = corrections.shadows_ev;
    };
    if (!options.enabled) {
        const ImageF exposed = at_ev(radiance, base_ev);
        const Corrections corrections = correct_exposure(exposed, hand, options, kBlownOut);
        finish(base_ev, corrections);
        result.quality = options.max_quality;
        result.image = srgb8_from_linear(at_ev(exposed, corrections.ev()));
        return result;
    }

    SensorDraw draw = draw_sensor(options, rng);
    result.values = draw.numbers();
    result.quality = draw.quality;
    result.chroma_subsampled = draw.chroma_subsampled;
    draw.optics.axis_px = axis_px;

    const double ev = base_ev + draw.exposure_jitter_ev;
    ImageF camera_rgb = multiplied(draw.colour.camera_from_rec709(),
                                   through_optics(at_ev(radiance, ev), draw.optics));
    const std::array<double, 3> gains =
        white_balance(mean_colour(camera_rgb, 4 * options.middle_grey), draw.white_balance_part);
    result.values["gain_red"] = gains[0];
    result.values["gain_blue"] = gains[2];

    // The camera sets its exposure by what it would show.
    const Mat3 matrix = draw.colour.rec709_from_camera();
    const Corrections corrections = correct_exposure(
        multiplied(matrix, scaled(camera_rgb, gains)), hand, options, draw.tone.light(kBlownOut));
    finish(ev, corrections);
    camera_rgb = at_ev(camera_rgb, corrections.ev());

    const ImageF raw = white_balanced(read_out(camera_rgb, draw.raw), gains);
    const ImageF linear =
        multiplied(matrix, raw.channels() == 1 ? without_false_colour(demosaic(raw)) : raw);
    const NoiseLevel noise = noise_level(draw.raw);
    const ImageF shown = encoded(reduce_noise(linear, noise, draw.noise_reduction), draw.tone);
    draw.sharpening.threshold =
        0.5 * std::sqrt(noise.shot * options.middle_grey + noise.read * noise.read);
    result.image = rounded(sharpened(shown, draw.sharpening));
    return result;
}

} // namespace rih
