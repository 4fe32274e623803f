// SPDX-License-Identifier: Apache-2.0
// Which medium has a given diffuse albedo. The length scale follows Jensen et al., "A practical
// model for subsurface light transport", SIGGRAPH 2001 (the definition in docs/rendering.md); the
// scattering albedo comes from the exact solution of the half space that core/subsurface.h walks
// in, so that the walk returns the albedo that was asked for.
#pragma once

#include "renderih/render/core/medium.h"

namespace rih {

/// Diffuse reflectance of Jensen's dipole for the reduced scattering albedo in [0, 1] at relative
/// index `ior` >= 1.
double dipole_diffuse_albedo(double reduced_scattering_albedo, double ior);

/// Its inverse, as sqrt(3 (1 - alpha')) = sigma_tr / sigma_t'.
double dipole_mfp_per_dmfp(double diffuse_albedo, double ior);

/// Diffuse albedo of a half space of isotropic scatterers of the given scattering albedo below the
/// boundary of core/subsurface.h: Chandrasekhar's H function for the index-matched half space, then
/// the reflections inside the boundary as a linear system over Gauss-Legendre directions.
double half_space_diffuse_albedo(double scattering_albedo, double ior);

AlbedoInversion make_albedo_inversion(double ior);

} // namespace rih
