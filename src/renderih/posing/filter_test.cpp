// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/filter.h"

#include "renderih/posing/testing_pair.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing_pair::place;
using testing_pair::TestPair;

PosePair posed(TestPair& pair, double height) {
    Rng rng(1, 0, "filter");
    place(pair, height, 0, rng);
    pair.parameters.angles = {};
    PosePair result;
    result.pose = to_pair_pose(pair.rig, pair.parameters);
    return result;
}

TEST(Filter, PassesHandsApartAndMeasuresThem) {
    TestPair pair;
    PosePair result = posed(pair, 0.3);
    std::array<Points, 2> vertices;
    const std::size_t met = measure_pair(pair.context, result, &vertices);
    EXPECT_EQ(met, 0u);
    EXPECT_FALSE(rejection(result, met, {}).has_value());
    EXPECT_EQ(result.penetration_depth_m, 0);
    EXPECT_GT(result.min_distance_m, 0.1);
    EXPECT_EQ(result.limit_excess_deg[0], 0);
    EXPECT_TRUE(result.contact_vertices[0].empty());
    // The centre is between the hands, as far from either as the other.
    const Vec3 centre = centre_of_hands(pair.context, vertices);
    EXPECT_GT(centre.y(), 0.1);
    EXPECT_LT(centre.y(), 0.2);
}

TEST(Filter, NamesEachReason) {
    TestPair pair;
    PosePair overlapping = posed(pair, 0.005);
    const std::size_t met = measure_pair(pair.context, overlapping);
    EXPECT_GT(met, 0u);
    EXPECT_GT(overlapping.penetration_depth_m, 0);
    EXPECT_EQ(rejection(overlapping, met, {}), "the hands intersect");

    PosePair good;
    EXPECT_FALSE(rejection(good, 0, {}).has_value());
    PosePair nested = good;
    nested.penetration_depth_m = 0.01;
    EXPECT_EQ(rejection(nested, 0, {}), "one hand lies inside the other");
    PosePair bent = good;
    bent.limit_excess_deg[1] = 1e-6;
    EXPECT_EQ(rejection(bent, 0, {}), "an angle outside Table 2");
    PosePair crushed = good;
    crushed.self_penetration_depth_m[0] = 0.0031;
    EXPECT_EQ(rejection(crushed, 0, {}), "a hand penetrates itself");
    PosingOptions natural;
    natural.min_naturalness = 0.5;
    EXPECT_EQ(rejection(good, 0, natural), "an unnatural hand");
}

TEST(Filter, AnglesComeFromTheStoredNumbers) {
    TestPair pair;
    PosePair result = posed(pair, 0.3);
    result.pose[1].axis_angle[5] += Vec3(0.05, 0.02, 0.01); // twists and splays a middle joint
    measure_pair(pair.context, result);
    EXPECT_EQ(result.limit_excess_deg[0], 0);
    EXPECT_GT(result.limit_excess_deg[1], 0.3);
}

TEST(Filter, SelfPenetrationSeesAFingerInThePalm) {
    TestPair pair;
    PosePair flat = posed(pair, 0.3);
    measure_pair(pair.context, flat);
    EXPECT_LT(flat.self_penetration_depth_m[0], 1e-4);
    for (int i = 0; i < 3; ++i) { // the index only, far past its limits
        pair.parameters.angles[0][i].bend = 100 * kDegree;
    }
    PosePair curled;
    curled.pose = to_pair_pose(pair.rig, pair.parameters);
    measure_pair(pair.context, curled);
    EXPECT_GT(curled.self_penetration_depth_m[0], 1e-3);
    EXPECT_LT(curled.self_penetration_depth_m[1], 1e-4);
}

} // namespace
} // namespace rih
