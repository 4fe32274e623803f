// SPDX-License-Identifier: Apache-2.0
// Takes the noise off a path-traced picture of hands, guided by the label images: an edge-avoiding
// a-trous wavelet (Dammertz et al., HPG 2010) on light without albedo, as in the spatial part of
// SVGF (Schied et al., HPG 2017). One thread, fixed order: the same bytes for the same picture.
#pragma once

#include "renderih/image/image.h"

namespace rih {

/// The label images of the same camera (render.h, LabelImages). Only `noise` may be null.
struct DenoiseGuides {
    const ImageF* albedo;  ///< [H, W, 3]
    const ImageF* normal;  ///< [H, W, 3] unit, zero on the background
    const ImageF* depth_z; ///< [H, W] m, 0 = background
    const Image8* hand;    ///< [H, W] 0 = background, else whose surface
    /// [H, W, 3] a draw of radiance's error (RenderResult::noise). Null or empty: how noisy the
    /// picture is must be told from the picture alone, which takes fine detail for noise.
    const ImageF* noise = nullptr;
};

struct DenoiseOptions {
    int levels = 3;      ///< of the wavelet, 1 .. 6; n levels reach 2 (2^n - 1) pixels
    double strength = 1; ///< factor on the two sigma fields below; 0: the picture as it came
    /// A neighbour whose luminance is further away than this many standard deviations of the
    /// estimated noise has no part in a pixel's mean. Greater: smoother, and flatter shading.
    double luminance_sigmas = 6;
    double chroma_sigmas = 16; ///< the same for the ratio of the channels, at least the above
    /// Further levels, 0 .. 3, for the ratio of the channels where noise drowns the light: few
    /// paths light a deep shadow, each in one channel.
    int chroma_levels = 2;
    double normal_cutoff_deg = 25;  ///< between two normals; beyond it next to no part, 1 .. 90
    double depth_tolerance = 0.004; ///< off the neighbour's tangent plane, as a part of depth_z
    /// A channel above this many times the 90th percentile of its surroundings is cut down to it;
    /// at least 1.
    double firefly_factor = 2;

    /// Throws UserError that names the field and its range.
    void validate() const;
};

/// radiance [H, W, 3], linear, finite, >= 0, however great, each pixel the mean of its samples ->
/// the same without most of the noise, finite. Light crosses neither from hand to hand nor a step
/// in depth. Background pixels are copied, but beside a hand none stays brighter than all around
/// it: background, hand, and two other pixels beside the hand.
///
/// A hand pixel that touches something else may hold light of both. It becomes the likeliest
/// mixture of the two sides, half way to the luminance it had, with the mean light along the edge
/// kept. One that stands out of its neighbours along the edge is cut down to them; what is cut off
/// is spread along the edge, at most a quarter of the light there, and the rest lost.
///
/// Lost is also what the firefly limit cuts off. Beside that the mean of inner pixels sinks a
/// little where light rises steeply towards an outline; docs/rendering.md says how much. Throws
/// UserError for sizes that differ.
ImageF
denoise(const ImageF& radiance, const DenoiseGuides& guides, const DenoiseOptions& options = {});

} // namespace rih
