// SPDX-License-Identifier: Apache-2.0
// All layers of one person's skin over one hand, as maps for the renderer.
#pragma once

#include "renderih/scene/skin/skin_atlas.h"
#include "renderih/scene/skin/skin_identity.h"
#include "renderih/scene/surface_maps.h"

namespace rih {

/// `hand` 0 right, 1 left: both have the person's traits and the lines of one palm, each its own
/// noise. A function of its arguments alone.
SurfaceMaps bake_skin(const SkinAtlas& atlas, const SkinIdentity& skin, int hand);

} // namespace rih
