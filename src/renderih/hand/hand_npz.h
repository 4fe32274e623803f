// SPDX-License-Identifier: Apache-2.0
// HAND.npz, the hand model's own file (docs/dataset_format.md). Beside the contract's arrays:
// quads, quad_uv, part_of_quad, palm_of_vertex, nail_of_face, nail_of_quad, thumb_up_hint,
// hands_mean and meta, all optional when reading.
#pragma once

#include "renderih/base/npz.h"
#include "renderih/hand/hand_model.h"

#include <string>

namespace rih {

/// The model in `arrays`, not yet checked as a whole (hand_check.h). A file of 16 joints gets the
/// forearm's. Throws UserError; `where` names the file.
HandModel hand_from_arrays(const NpzArrays& arrays, const std::string& where);

/// The arrays of a HAND.npz.
std::map<std::string, NpyOutput> arrays_of(const HandModel& model);

/// palm_of_vertex for files without: from the surface's direction in the flat hand, whose back is
/// up (+y).
VecX palm_from_normals(const HandModel& model);

} // namespace rih
