// SPDX-License-Identifier: Apache-2.0
// Nails of coarse meshes: where a nail is a handful of faces, its outline is a rounded shape of
// their place and extent instead of their edges.
#pragma once

#include "renderih/hand/hand_model.h"
#include "renderih/scene/subdivide.h"

namespace rih {

/// Whether some finger's nail has fewer faces than an outline takes.
bool has_coarse_nails(const HandModel& hand);

/// 1 in the middle of a nail, a half at its outline, 0 far from all, at the refined vertices of the
/// template's limit surface [R, 3]. For models of triangles. [R]
VecX rounded_nails(const HandModel& hand, const LimitSurface& surface);

} // namespace rih
