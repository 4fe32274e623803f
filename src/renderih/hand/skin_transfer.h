// SPDX-License-Identifier: Apache-2.0
// Skin for hands that have none: a model without texture coordinates (MANO's layout) gets those of
// the open hand, with its palm and its nails, by a registration of the two (hand/registration.h).
//
// Seams: a face lies in one chart whole, that of its middle; corners beyond a seam continue the
// chart's own plane. So a seam runs along the target's edges, at most half a face from the
// source's, and both of its sides move the same way.
#pragma once

#include "renderih/hand/registration.h"

namespace rih {

/// Whether `hand` has no texture coordinates, so that skin has no map.
bool lacks_uv(const HandModel& hand);

/// uv, uv_faces, palm_of_vertex and nail_of_face of `target`, a model of triangles of the same
/// side, from `source`, which has uv. Its meta_json gets `skin_from` and
/// `skin_registration`, a line of figures. Throws UserError when the two are too unlike
/// (RegistrationQuality::is_good()).
HandModel with_skin_of(const HandModel& source, HandModel target);

/// The same by a registration that is there already, whatever its quality.
HandModel
with_skin_of(const HandModel& source, HandModel target, const HandRegistration& registration);

} // namespace rih
