// SPDX-License-Identifier: Apache-2.0
// Statistics by which photographs of natural scenes are known, of one picture. docs/camera.md holds
// ours against published figures.
#pragma once

#include "renderih/image/image.h"

namespace rih {

struct ImageStatistics {
    /// -slope of log power over log frequency of linear luminance: mean over orientations, between
    /// 1/32 and 1/4 cycles a pixel, under a Hann window. About 2 in natural scenes.
    double spectrum_slope = 0;
    /// Kurtosis of the differences of log luminance between neighbours in a row; 3 for noise.
    double gradient_kurtosis = 0;
    /// Standard deviation over mean of luminance in 16x16 patches: median, and the ratio of the
    /// 97.5th to the 2.5th percentile.
    double local_contrast = 0, local_contrast_range = 0;
    /// Standard deviations of l, alpha and beta of log10 LMS (Ruderman, Cronin and Chiao, JOSA A
    /// 1998): lightness, blue-yellow, red-green.
    double sd_l = 0, sd_alpha = 0, sd_beta = 0;
    /// Standard deviation of noise in 8-bit levels of luma, where it is least: the 10th percentile
    /// over 16x16 patches that are not burnt out, of the estimate of Immerkaer (CVIU 1996).
    double noise_levels = 0;
};

/// srgb [H, W, 3], at least 64 pixels a side. Throws UserError for smaller ones.
ImageStatistics image_statistics(const Image8& srgb);

} // namespace rih
