// SPDX-License-Identifier: Apache-2.0
// Where each point of one hand's surface lies on another's: the source is brought into the target's
// rest pose by its joints (hand/joint_warp.h) and then bent onto its surface
// (geometry/surface_fit.h). For hands of the same joints and any two meshes; both at their mean
// shape.
#pragma once

#include "renderih/hand/hand_model.h"

#include <string>
#include <vector>

namespace rih {

/// A point of a mesh's surface.
struct SurfacePlace {
    int face = -1;
    Vec3 barycentric = Vec3::Zero();

    /// Between the values at the face's corners. [V, N] -> [N]
    template <typename Values>
    auto of(const Values& values, const Triangles& faces) const {
        const auto& [a, b, c] = faces[static_cast<std::size_t>(face)];
        return (barycentric[0] * values.row(a) + barycentric[1] * values.row(b) +
                barycentric[2] * values.row(c))
            .transpose()
            .eval();
    }
};

/// Measured over the hands without their forearms.
struct RegistrationQuality {
    /// Distances between the surfaces after the fit, of either's vertices from the other, by area.
    double mean_mm = 0, p95_mm = 0, max_mm = 0;
    double flipped_share = 0; ///< of the target's area: faces that are reversed on the source
    double finger_share = 0;  ///< of the target's area: lies on the same finger, or the palm
    double part_share = 0;    ///< of the target's area: the same joint moves it most

    /// Whether the two are alike enough for skin to be carried over.
    bool is_good() const;
    std::string summary() const; ///< one line of figures
};

struct HandRegistration {
    Points registered;                         // [Vs, 3] the source's vertices on the target
    std::vector<SurfacePlace> place_of_vertex; // [Vt] on the source
    std::vector<SurfacePlace> place_of_face;   // [Ft] of the target's faces' middles
    RegistrationQuality quality;
};

/// Both of the same side. A function of the two models alone. Throws UserError when the target is
/// no surface that a hand can be bent onto.
HandRegistration register_hand(const HandModel& source, const HandModel& target);

} // namespace rih
