// SPDX-License-Identifier: Apache-2.0
// Test-only: a pair of synthetic hands in random poses that overlap.
#pragma once

#include "renderih/base/rng.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/math/rotation.h"
#include "renderih/posing/pair_energy.h"

namespace rih::testing_pair {

struct TestPair {
    HandPair hands = make_test_hand_pair();
    PosingContext context = make_posing_context(hands, nullptr);
    PairRig rig{};
    PairParameters parameters{};
};

/// Palm over palm, `height` metres apart, fingers the same way; angles within Table 2 plus
/// `excess` radians on every axis of some joints.
inline void place(TestPair& pair, double height, double excess, Rng& rng) {
    VecX shape(pair.hands.hands[0].shape_count());
    for (double& coefficient : shape) {
        coefficient = 0.3 * rng.normal();
    }
    std::array<Mat3, 2> wrists;
    for (int h = 0; h < 2; ++h) {
        const Vec3 jitter(0.2 * rng.normal(), 0.2 * rng.normal(), 0.2 * rng.normal());
        wrists[h] = rotation_from_axis_angle(jitter) * rotation_about(1, h == 0 ? 0 : kPi);
    }
    pair.rig = make_rig(
        {shape_hand(pair.hands.hands[0], shape), shape_hand(pair.hands.hands[1], shape)}, wrists);
    pair.parameters = {};
    pair.parameters.translation = {Vec3(0.003, 0, 0.002), Vec3(-0.004, height, 0.001)};
    const auto& limits = table2_limits();
    for (FingerAngles& angles : pair.parameters.angles) {
        for (int i = 0; i < kFingerJointCount; ++i) {
            const auto within = [&](const AngleRange& range) {
                return rng.uniform(range.low, range.high) + excess * rng.uniform(-1, 1);
            };
            angles[i] = {within(limits[i].twist), within(limits[i].splay), within(limits[i].bend)};
        }
    }
}

} // namespace rih::testing_pair
