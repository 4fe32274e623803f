// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/forearms.h"

#include "renderih/posing/testing_pair.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing_pair::place;
using testing_pair::TestPair;

TEST(Forearms, StayWithinTheWristsRangeAndAreSortedByCost) {
    TestPair pair;
    Rng rng(1, 0, "forearms");
    place(pair, 0.05, 0, rng);
    const PairState state = pose_pair(pair.rig, pair.parameters);
    const auto choices =
        choose_forearms(pair.rig, state, {.flexion = {2, -2}, .deviation = {-2, 2}}, rng, 20);
    ASSERT_EQ(choices.size(), 20u);
    double last = -1;
    for (const ForearmChoice& choice : choices) {
        EXPECT_GE(choice.cost, last);
        last = choice.cost;
        for (int h = 0; h < 2; ++h) {
            EXPECT_GE(choice.flexion[h], kMinWristFlexion);
            EXPECT_LE(choice.flexion[h], kMaxWristFlexion);
            EXPECT_GE(choice.deviation[h], kMinWristDeviation);
            EXPECT_LE(choice.deviation[h], kMaxWristDeviation);
        }
    }
}

TEST(Forearms, TakeTheSuggestionWhereNothingIsInTheWay) {
    TestPair pair;
    Rng rng(2, 0, "forearms free");
    place(pair, 0.5, 0, rng);
    const PairState state = pose_pair(pair.rig, pair.parameters);
    const auto choices =
        choose_forearms(pair.rig, state, {.flexion = {0.1, -0.1}, .deviation = {0.05, 0}}, rng, 1);
    ASSERT_EQ(choices.size(), 1u);
    EXPECT_EQ(choices[0].overlap_m, 0);
    EXPECT_NEAR(choices[0].flexion[0], 0.1, 0.15);
    EXPECT_NEAR(choices[0].flexion[1], -0.1, 0.15);
}

TEST(Forearms, SteerClearOfEachOther) {
    // Both hands point the same way, one above the other: straight arms overlap, bent ones need
    // not.
    TestPair pair;
    Rng rng(3, 0, "forearms crossing");
    place(pair, 0.04, 0, rng);
    pair.rig.world_from_hand = {Mat3::Identity(), rotation_about(1, kPi)};
    const PairState state = pose_pair(pair.rig, pair.parameters);
    const auto choices = choose_forearms(pair.rig, state, {}, rng, 1024);
    ASSERT_GT(choices.size(), 1u);
    EXPECT_LT(choices.front().overlap_m, choices.back().overlap_m);
    for (const ForearmChoice& choice : choices) {
        EXPECT_GE(choice.overlap_m, choices.front().overlap_m - 1e-3);
    }
}

} // namespace
} // namespace rih
