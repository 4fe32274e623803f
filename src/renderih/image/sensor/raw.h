// SPDX-License-Identifier: Apache-2.0
// From light to numbers: photosites below a Bayer filter count photons, which arrive as a Poisson
// process; each answers a little differently; reading adds noise; a converter rounds.
// Photon transfer: Janesick, "Photon Transfer", SPIE 2007.
#pragma once

#include "renderih/image/image.h"

#include <array>
#include <cstdint>

namespace rih {

/// How much the red, green and blue photosites gather of a white light, relative to green.
inline constexpr std::array<double, 3> kChannelResponse{0.55, 1.0, 0.65};

/// Of white: where a photosite is full.
inline constexpr double kSaturation = 1.6;

struct RawSensor {
    /// Photosites along the side of a pixel. 1: each pixel has one colour, by the Bayer pattern
    /// RGGB, red on the top left. 2 or 4: the pixel gathers side^2 of them.
    int side = 1;
    double white_electrons = 10000; ///< that white sets free in a green photosite
    double read_noise = 2;          ///< electrons, of one photosite
    double row_noise = 0;           ///< electrons, the same over a row of pixels
    double nonuniformity = 0;       ///< relative standard deviation of the photosites' response
    int adc_bits = 12;              ///< over 0 .. kSaturation
    std::uint64_t noise_seed = 0;   ///< noise is a function of (seed, pixel)
};

/// camera_rgb [H, W, 3], >= 0, 1 = white -> the read-out as a part of white: a mosaic [H, W, 1] for
/// side 1, else [H, W, 3]. Black is 0, with noise on both sides.
ImageF read_out(const ImageF& camera_rgb, const RawSensor& sensor);

/// Which of R, G, B a pixel of the mosaic is.
constexpr int bayer_channel(int x, int y) {
    return (x & 1) + (y & 1);
}

} // namespace rih
