// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/reference_hand.h"

#include "renderih/base/error.h"
#include "renderih/base/rng.h"
#include "renderih/base/temp_folder.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/kinematics.h"
#include "renderih/hand/testing/test_hand.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

NpzArrays arrays_of(const HandModel& model) {
    const TempFolder folder;
    save_hand(folder.path() / "h.npz", model);
    return read_npz(folder.path() / "h.npz");
}

TEST(ReferenceHand, AgreesWithTheWriterOnRandomPoses) {
    for (const Side side : kSides) {
        const HandModel model = make_test_hand(side);
        const ReferenceHand reference(arrays_of(model));
        Rng rng(3, 0, "reference");
        for (int i = 0; i < 10; ++i) {
            HandPose pose;
            ReferencePose same;
            for (Vec3& axis_angle : pose.axis_angle) {
                axis_angle = Vec3(rng.normal(), rng.normal(), rng.normal());
                same.axis_angle.push_back(axis_angle);
            }
            pose.translation = same.translation = Vec3(rng.normal(), rng.normal(), rng.normal());
            pose.shape = VecX::NullaryExpr(model.shape_count(), [&] { return rng.normal(); });
            same.shape = pose.shape;
            const HandState state = pose_hand(model, pose);
            const ReferenceHand::Posed posed = reference.pose(same);
            EXPECT_LT((state.vertices - posed.vertices).cwiseAbs().maxCoeff(), 1e-12);
            EXPECT_LT((state.joints - posed.joints).cwiseAbs().maxCoeff(), 1e-12);
            EXPECT_LT(
                (keypoints_mano21(model, state) - reference.keypoints(posed)).cwiseAbs().maxCoeff(),
                1e-12);
        }
    }
}

TEST(ReferenceHand, NamesTheArrayThatIsMissing) {
    NpzArrays arrays = arrays_of(make_test_hand(Side::Right));
    arrays.erase("joint_regressor");
    try {
        const ReferenceHand hand(arrays);
        FAIL();
    } catch (const UserError& error) {
        EXPECT_NE(std::string(error.what()).find("joint_regressor"), std::string::npos);
    }
}

} // namespace
} // namespace rih
