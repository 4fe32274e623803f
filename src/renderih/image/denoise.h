// SPDX-License-Identifier: Apache-2.0
// Takes the noise off a path-traced picture of hands, guided by the label images: an edge-avoiding
// a-trous wavelet (Dammertz et al., HPG 2010) on light without albedo, as in the spatial part of
// SVGF (Schied et al., HPG 2017). One thread, fixed order: the same bytes for the same picture.
#pragma once

#include "renderih/image/image.h"

namespace rih {

/// The label images of the same camera (render.h, LabelImages). None may be null.
struct DenoiseGuides {
    const ImageF* albedo;  ///< [H, W, 3]
    const ImageF* normal;  ///< [H, W, 3] unit, zero on the background
    const ImageF* depth_z; ///< [H, W] m, 0 = background
    const Image8* hand;    ///< [H, W] 0 = background, else whose surface
};

struct DenoiseOptions {
    int levels = 3;      ///< of the wavelet, 1 .. 6; n levels reach 2 (2^n - 1) pixels
    double strength = 1; ///< factor on the two sigma fields below; 0: the picture as it came
    /// A neighbour whose luminance is further away than this many standard deviations of the
    /// estimated noise has no part in a pixel's mean. Greater: smoother, and flatter shading.
    double luminance_sigmas = 6;
    double chroma_sigmas = 16;      ///< the same for the ratio of the channels, at least the above
    double normal_cutoff_deg = 25;  ///< between two normals; beyond it next to no part, 1 .. 90
    double depth_tolerance = 0.004; ///< off the neighbour's tangent plane, as a part of depth_z
    /// A channel above this many times the 90th percentile of its surroundings is cut down to it;
    /// at least 1.
    double firefly_factor = 2;

    /// Throws UserError that names the field and its range.
    void validate() const;
};

/// radiance [H, W, 3], linear, finite, >= 0, of whatever size, each pixel the mean of its samples
/// -> the same without most of the noise, finite. Background pixels are copied, but beside a hand
/// none stays brighter than all around it, background or hand, and two others beside the hand.
/// Light crosses neither from hand to hand nor a step in depth. Where a pixel's neighbour belongs
/// to something else, the pixel may hold light of both: it becomes half the likeliest mixture of
/// the two sides, with its mean light along the edge kept, half what it was; where it stands out of
/// its neighbours along the edge, it is cut down, and what was cut off is spread along the edge, at
/// most a quarter of the light there. Mean radiance is kept but for what exceeds that, what the
/// firefly limit cuts off and, at few samples, one per cent: docs/rendering.md has the figures.
/// Throws UserError for sizes that differ.
ImageF
denoise(const ImageF& radiance, const DenoiseGuides& guides, const DenoiseOptions& options = {});

} // namespace rih
