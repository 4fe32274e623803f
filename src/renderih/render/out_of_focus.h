// SPDX-License-Identifier: Apache-2.0
// What a lens does to a picture that its label images do not show: how far light strays, and the
// environment out of focus. The environment is infinitely far, so there its blur is one kernel over
// the whole picture: that gives it without noise, where samples of the lens would need hundreds.
#pragma once

#include "renderih/render/core/camera_rays.h"
#include "renderih/render/core/environment_light.h"
#include "renderih/render/render.h"

namespace rih {

/// Diameter of the circle of confusion of each pixel's surface, px; 0 where there is none. [H, W]
ImageF circles_px(const Camera& camera, const CameraLens& lens, const ImageF& depth_z);

/// Pixels, at least 1, by which light of a surface may stray from where the labels show it.
int lens_reach(const Camera& camera, const CameraLens& lens, const ImageF& depth_z);

/// Per pixel, which surfaces show within `reach` pixels in x and y: bit 0 none, bit i (of 1 .. 7)
/// `hand` = i modulo 7. [H, W]
Image8 surfaces_in_reach(const Image8& hand, int reach);

/// The environment through the lens: each pixel the mean over its square, over the lens and over
/// the exposure. `rays` are those of the lens. [H, W, 3]
ImageF environment_through_lens(const EnvironmentView& environment,
                                const CameraRays& rays,
                                const Camera& camera,
                                const CameraLens& lens);

/// Mean over a disc, by exact areas along rows; near the border over what there is of it.
ImageF blurred_by_disc(const ImageF& image, double diameter_px);

} // namespace rih
