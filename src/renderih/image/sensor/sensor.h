// SPDX-License-Identifier: Apache-2.0
// From linear radiance to an 8-bit sRGB picture, in the order of a real camera: lens, exposure,
// photosites, white balance, demosaicing, camera matrix, noise reduction, tone curve, sharpening;
// JPEG's quality is drawn here too. docs/camera.md has each step's formula, source and range.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/image/sensor/camera_colour.h"
#include "renderih/image/sensor/noise_reduction.h"
#include "renderih/image/sensor/optics.h"
#include "renderih/image/sensor/raw.h"
#include "renderih/image/sensor/sharpen.h"
#include "renderih/image/sensor/tone.h"

#include <map>
#include <string>

namespace rih {

/// What the cameras are drawn from. A range not said otherwise is uniform.
struct SensorOptions {
    bool enabled = true;      ///< false: metered exposure (without jitter) and sRGB alone
    double middle_grey = 0.2; ///< where the meter puts the log-average, of display white
    /// Part of the meter's weight on the hands, the rest on all pixels. Not 1: a meter that sees
    /// skin alone shows every tone as the same grey.
    double hand_weight = 0.6;
    double max_exposure_jitter_ev = 0.5; ///< within +-
    /// Part of the hands' pixels that may be blown out: the exposure is held back so far.
    double max_blown_part = 0.02;
    /// The least median luminance of a hand: the exposure is pushed so far, highlights permitting.
    double min_hand_value = 0.02;

    double min_blur_px = 0.35, max_blur_px = 0.6; ///< of the lens
    double max_colour_shift = 0.0012;             ///< of magnification, within +-
    double max_vignetting = 0.25;                 ///< light lost in the corners

    double min_full_well = 6000; ///< electrons of a photosite at ISO 100; log-uniform
    double max_full_well = 40000;
    double max_iso = 3200;            ///< log-uniform from 100
    double min_white_electrons = 900; ///< in spite of the ISO
    double max_read_noise = 5;        ///< electrons, from 1

    double max_white_balance_part = 0.9; ///< of the light's cast that is removed, from 0.2
    double max_colour_error = 0.05;      ///< of each off-diagonal of the camera's matrix, within +-
    double min_saturation = 0.9, max_saturation = 1.2;
    double max_noise_reduction = 0.8; ///< of luminance; of colour 0.5 .. 1
    double min_contrast = 1, max_contrast = 1.25;
    double shoulder_start = 0.75; ///< of display white, above which highlights roll off
    double max_sharpening = 0.9;
    int min_quality = 80, max_quality = 97; ///< of the JPEG

    /// Throws UserError that names the field and its range.
    void validate() const;
};

/// One camera, drawn.
struct SensorDraw {
    double exposure_jitter_ev = 0, full_well = 0, iso = 100, white_balance_part = 0;
    Optics optics; ///< but for the axis
    RawSensor raw;
    CameraColour colour;
    NoiseReduction noise_reduction;
    ToneCurve tone;
    Sharpening sharpening;
    int quality = 100;              ///< of the JPEG
    bool chroma_subsampled = false; ///< the JPEG's colour at half the resolution (4:2:0)

    /// By the names of the record; not the seed.
    std::map<std::string, double> numbers() const;
};
SensorDraw draw_sensor(const SensorOptions& options, Rng& rng);

struct SensorResult {
    Image8 image;           // [H, W, 3] sRGB
    double exposure_ev = 0; ///< log2 of the factor on radiance
    int quality = 100;      ///< to encode it with
    bool chroma_subsampled = false;
    /// For the record: every drawn value, the gains of the white balance, and highlights_ev and
    /// shadows_ev, by which the exposure was held back and pushed for the hands.
    std::map<std::string, double> values;
};

/// radiance [H, W, 3] linear Rec.709, finite, >= 0; hand [H, W], 0 = no hand, may be empty;
/// `axis_px` where the lens's axis meets the picture. Every pixel's noise is a function of (`rng`'s
/// key, pixel), so the result does not depend on threads.
SensorResult develop(const ImageF& radiance,
                     const Image8& hand,
                     const Vec2& axis_px,
                     const SensorOptions& options,
                     Rng rng);

} // namespace rih
