// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/mesh/example_shapes.h"

#include "renderih/base/rng.h"
#include "renderih/hand/anatomy.h"

namespace rih::learn {

std::vector<Points>
example_shapes(const HandModel& model, const HandMesh& mesh, std::uint64_t seed, int poses) {
    const ShapedHand shaped = shape_hand(model, VecX::Zero(model.shape_count()));
    const AnatomyFrames frames = anatomy_frames(shaped);
    std::vector<Points> shapes{mesh.template_vertices};
    for (int i = 0; i < poses; ++i) {
        Rng rng(seed, static_cast<std::uint64_t>(i), "example shape");
        FingerAngles angles;
        for (std::size_t j = 0; j < angles.size(); ++j) {
            const JointLimits& limits = table2_limits()[j];
            angles[j].bend = rng.uniform(limits.bend.low, limits.bend.high);
            angles[j].splay = rng.uniform(limits.splay.low, limits.splay.high);
        }
        HandPose pose;
        set_finger_angles(frames, angles, pose);
        const Points posed = pose_hand(shaped, rotations_of(pose), Vec3::Zero()).vertices;
        shapes.emplace_back(posed(mesh.model_vertices, Eigen::all));
    }
    return shapes;
}

} // namespace rih::learn
