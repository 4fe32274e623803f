// SPDX-License-Identifier: Apache-2.0
// The last exact step on the synthetic hands: ends overlaps, makes contact, knows when it cannot.
#include "renderih/posing/separate.h"

#include "renderih/geometry/interaction.h"
#include "renderih/geometry/intersection.h"
#include "renderih/posing/testing_pair.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing_pair::place;
using testing_pair::TestPair;

/// Flat hands, palm above palm's back, `gap` apart at rest (negative: overlapping).
std::array<Points, 2> stacked(TestPair& pair, double height) {
    Rng rng(1, 0, "separate");
    place(pair, height, 0, rng);
    pair.parameters.angles = {};
    pair.rig.world_from_hand = {Mat3::Identity(), rotation_about(1, kPi)};
    const PairState state = pose_pair(pair.rig, pair.parameters);
    return {state.hands[0].vertices, state.hands[1].vertices};
}

TriMesh mesh_of(const TestPair& pair, const std::array<Points, 2>& vertices, int hand) {
    return {vertices[hand], pair.hands.hands[hand].faces};
}

/// The height at which the stacked hands just touch, found by bisection with the exact test.
double touching_height(TestPair& pair) {
    double low = 0, high = 0.2;
    for (int i = 0; i < 30; ++i) {
        const double middle = 0.5 * (low + high);
        const auto vertices = stacked(pair, middle);
        const bool meet =
            !intersecting_triangles(mesh_of(pair, vertices, 0), mesh_of(pair, vertices, 1), 1)
                 .empty();
        (meet ? low : high) = middle;
    }
    return high;
}

TEST(SeparateHands, EndsAShallowOverlapInContact) {
    TestPair pair;
    auto vertices = stacked(pair, touching_height(pair) - 0.0015);
    const SeparateResult result =
        separate_hands(pair.hands, vertices, {.max_separation = 0.006, .max_approach = 0.01});
    ASSERT_TRUE(result.free);
    EXPECT_GT(result.left_shift.norm(), 1e-4);
    EXPECT_LE(result.left_shift.norm(), 0.006);
    vertices[1].rowwise() += result.left_shift.transpose();
    const MeshInteraction after =
        measure_interaction(mesh_of(pair, vertices, 0), mesh_of(pair, vertices, 1));
    EXPECT_EQ(after.intersecting_triangle_pairs, 0u);
    EXPECT_LT(after.min_distance_m, 1e-3);
}

TEST(SeparateHands, RefusesADeepOverlap) {
    TestPair pair;
    const auto vertices = stacked(pair, 0.001);
    EXPECT_FALSE(separate_hands(pair.hands, vertices, {.max_separation = 0.002}).free);
}

TEST(SeparateHands, BringsNearHandsIntoContactOnlyWhenAsked) {
    TestPair pair;
    auto vertices = stacked(pair, touching_height(pair) + 0.005);
    const SeparateResult apart = separate_hands(pair.hands, vertices, {.max_separation = 0.006});
    EXPECT_TRUE(apart.free);
    EXPECT_EQ(apart.left_shift, Vec3::Zero());
    const SeparateResult near =
        separate_hands(pair.hands, vertices, {.max_separation = 0.006, .max_approach = 0.01});
    ASSERT_TRUE(near.free);
    vertices[1].rowwise() += near.left_shift.transpose();
    const MeshInteraction after =
        measure_interaction(mesh_of(pair, vertices, 0), mesh_of(pair, vertices, 1));
    EXPECT_EQ(after.intersecting_triangle_pairs, 0u);
    EXPECT_LT(after.min_distance_m, 1e-3);
    EXPECT_GT(after.min_distance_m, 0);
}

TEST(SeparateHands, LeavesHandsBeyondTheApproachAlone) {
    TestPair pair;
    const auto vertices = stacked(pair, touching_height(pair) + 0.03);
    const SeparateResult result =
        separate_hands(pair.hands, vertices, {.max_separation = 0.006, .max_approach = 0.01});
    EXPECT_TRUE(result.free);
    EXPECT_EQ(result.left_shift, Vec3::Zero());
}

} // namespace
} // namespace rih
