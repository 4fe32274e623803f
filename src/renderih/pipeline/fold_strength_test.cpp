// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/fold_strength.h"

#include "renderih/hand/testing/test_hand.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

TEST(FoldStrength, ABentJointIsSmoothOnItsBackAndCreasedOnItsPalmSide) {
    const HandModel model = make_test_hand_pair()[Side::Right];
    const ShapedHand hand = shape_hand(model, VecX::Zero(model.shape_count()));
    // Two places at the index PIP, one far away.
    Points places(3, 3);
    places.row(0) = places.row(1) = hand.rest_joints.row(2);
    places.row(2) << 1, 1, 1;
    const VecX palm = (VecX(3) << 0, 1, 0).finished();
    const VecX flat = fold_strength(hand, places, palm, {});
    for (int i = 0; i < 3; ++i) {
        EXPECT_NEAR(flat[i], 1, 1e-9);
    }
    FingerAngles bent{};
    bent[1].bend = 85 * kDegree;
    const VecX strength = fold_strength(hand, places, palm, bent);
    EXPECT_LT(strength[0], 0.5);
    EXPECT_GT(strength[1], 1.3);
    EXPECT_NEAR(strength[2], 1, 1e-9);
    bent[1].bend = -20 * kDegree;
    EXPECT_GT(fold_strength(hand, places, palm, bent)[0], 1.02);
}

} // namespace
} // namespace rih
