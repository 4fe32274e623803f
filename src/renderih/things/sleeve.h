// SPDX-License-Identifier: Apache-2.0
// A sleeve: a tube of cloth about the forearm, from a cuff with an edge and an inside to beyond
// where the model's forearm stops.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/things/thing.h"

namespace rih {

/// Both sleeves of one garment: cloth and cut alike, folds and where the cuffs lie each their own.
/// `clear_wrist_mm`: cuffs lie at least so far up the arm, to leave room for a watch. Beside what
/// draw_cloth() draws: cuff_mm (from the wrist to the cuff's edge), band_mm (a band at the cuff),
/// ease_mm, thickness_mm, roughness, fold_mm, fold_length_mm, fold_seed.
std::array<Thing, 2> draw_sleeves(Rng& rng, double clear_wrist_mm);

/// Without its maps.
SceneMesh sleeve_mesh(const Thing& sleeve, const PosedSurface& hand);
/// The same for both sleeves of a garment.
std::shared_ptr<const SurfaceMaps> sleeve_maps(const Thing& sleeve);

} // namespace rih
