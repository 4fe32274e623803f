// SPDX-License-Identifier: Apache-2.0
// From linear radiance to an 8-bit sRGB picture as a camera gives one: meter, white balance,
// vignetting, shot and read noise, tone curve. A first model; each step can be turned off.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/image/image.h"

#include <array>
#include <map>
#include <string>

namespace rih {

struct SensorOptions {
    bool enabled = true;      ///< false: metered exposure (without jitter) and sRGB alone
    double middle_grey = 0.2; ///< where the meter puts the log-average, of display white
    /// Part of the meter's weight on the hands, the rest on all pixels. Not 1: a meter that sees
    /// skin alone shows every tone as the same grey.
    double hand_weight = 0.6;
    double max_exposure_jitter_ev = 0.5; ///< drawn uniformly within +-
    double max_white_balance_part = 0.8; ///< of the light's cast that is removed, drawn from 0
    double max_vignetting = 0.15;        ///< light lost in the corners, drawn from 0
    double min_full_well = 2000;         ///< electrons at white; log-uniform. Fewer is noisier
    double max_full_well = 30000;
    double max_read_noise = 12;   ///< electrons, drawn from 1
    double shoulder_start = 0.75; ///< linear value above which highlights roll off
    /// Part of the hands' pixels that may be blown out: the exposure is held back so far.
    double max_blown_part = 0.02;

    /// Throws UserError that names the field and its range.
    void validate() const;
};

/// One camera, drawn.
struct SensorDraw {
    double exposure_jitter_ev = 0, white_balance_part = 0, vignetting = 0;
    double full_well = 0, read_noise = 0; ///< electrons
    std::uint64_t noise_seed = 0;

    /// By the names of the record; not the seed.
    std::map<std::string, double> numbers() const;
};
SensorDraw draw_sensor(const SensorOptions& options, Rng& rng);

struct SensorResult {
    Image8 image;           // [H, W, 3] sRGB
    double exposure_ev = 0; ///< log2 of the factor on radiance
    /// For the record: every drawn value, the gains of the white balance, and highlights_ev, by
    /// which the exposure was held back for the hands' highlights.
    std::map<std::string, double> values;
};

/// Log-average luminance over the pixels whose mask is not 0 (`hand` [H, W]; or over all pixels
/// where none is), weighted as `hand_weight` says. At least 1e-6.
double meter_luminance(const ImageF& radiance, const Image8& hand, double hand_weight);

/// radiance [H, W, 3] linear Rec.709, finite, >= 0; hand [H, W], 0 = no hand, may be empty. Every
/// pixel's noise is a function of (`rng`'s key, pixel), so the result does not depend on threads.
SensorResult
develop(const ImageF& radiance, const Image8& hand, const SensorOptions& options, Rng rng);

} // namespace rih
