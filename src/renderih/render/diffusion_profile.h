// SPDX-License-Identifier: Apache-2.0
// Fills core/diffusion_profile.h by the walk of core/subsurface.h on flat ground.
#pragma once

#include "renderih/render/core/diffusion_profile.h"
#include "renderih/render/core/medium.h"

namespace rih {

/// `ior` of the medium against what is outside; `inversion` of the same. The same table on every
/// machine.
DiffusionProfile make_diffusion_profile(double ior, const AlbedoInversion& inversion);

} // namespace rih
