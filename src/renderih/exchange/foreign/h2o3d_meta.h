// SPDX-License-Identifier: Apache-2.0
// The pickle that H2O-3D and HO-3D (Hampali et al. 2020, 2022) have for each picture, as numbers:
// in the camera's frame of OpenGL (x right, y up, z backward), metres, MANO relative to the flat
// hand, joints in MANO's order and then the tips. Parsed as data (hand/pickle.h).
#pragma once

#include "renderih/exchange/foreign/foreign_labels.h"

#include <optional>

namespace rih {

struct H2o3dHand {
    /// By mano21. Only the wrist is known in the evaluation split.
    std::array<Vec3, kKeypointCount> joints{};
    JointFlags joint_valid{};
    std::optional<ManoParameters> mano; ///< none when any parameter is marked invalid

    bool has_joints() const;
};

struct H2o3dMeta {
    Intrinsics intrinsics; // ours: counted from the corner of the first pixel
    std::array<H2o3dHand, 2> hands;
};

/// Throws UserError, naming `where`, for anything else. A frame without annotation has no joints.
H2o3dMeta h2o3d_meta(std::span<const std::uint8_t> pickle, const std::string& where);

} // namespace rih
