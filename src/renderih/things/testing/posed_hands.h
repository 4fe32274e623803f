// SPDX-License-Identifier: Apache-2.0
// The open hand in poses, for tests of what is worn on it.
#pragma once

#include "renderih/hand/anatomy.h"
#include "renderih/hand/hand_io.h"
#include "renderih/things/thing.h"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>

namespace rih::testing {

/// Both hands of a person who holds them apart, on their control meshes.
class PosedHands {
  public:
    /// Nothing where the assets are not built.
    static std::optional<HandPair> load() {
        const char* assets = std::getenv("RENDERIH_ASSETS");
        if (assets == nullptr || !std::filesystem::exists(std::filesystem::path(assets) / "hand")) {
            return std::nullopt;
        }
        return load_hand_pair("open", assets);
    }

    /// Fingers bent by `bend_deg` at every joint, wrists by flexion and deviation; `apart` m from
    /// wrist to wrist.
    PosedHands(const HandPair& hands,
               double bend_deg,
               double flexion_deg,
               double deviation_deg,
               double apart = 0.6) {
        for (const Side side : kSides) {
            const HandModel& model = hands[side];
            const ShapedHand shaped = shape_hand(model, VecX::Zero(model.shape_count()));
            HandPose pose;
            FingerAngles angles;
            for (JointAngles& joint : angles) {
                joint.bend = bend_deg * kDegree;
            }
            set_finger_angles(anatomy_frames(shaped), clamp_to_limits(angles), pose);
            pose.axis_angle[kForearmJoint] =
                forearm_axis_angle(side, flexion_deg * kDegree, deviation_deg * kDegree);
            pose.shape = shaped.shape;
            pose.translation = Vec3(side == Side::Right ? 0.5 * apart : -0.5 * apart, 0, 0);
            const HandState state = pose_hand(shaped, rotations_of(pose), pose.translation);
            surfaces[static_cast<std::size_t>(index_of(side))] = {side,
                                                                  state.vertices,
                                                                  &model.faces,
                                                                  &model.part_of_face,
                                                                  keypoints_mano21(model, state)};
        }
    }

    std::array<PosedSurface, 2> surfaces;
};

} // namespace rih::testing
