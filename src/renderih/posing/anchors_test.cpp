// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/anchors.h"

#include "renderih/hand/testing/test_hand.h"

#include <gtest/gtest.h>

#include <set>

namespace rih {
namespace {

TEST(Anchors, AreTheWantedNumberDistinctAndOnTheHand) {
    const HandModel hand = make_test_hand(Side::Right);
    const VecX prior = contact_prior(hand);
    const Anchors anchors = make_anchors(hand, 60);
    EXPECT_EQ(anchors.vertices.size(), 60u);
    EXPECT_EQ(std::set<int>(anchors.vertices.begin(), anchors.vertices.end()).size(), 60u);
    for (const int vertex : anchors.vertices) {
        EXPECT_GT(prior[vertex], 0);
    }
    EXPECT_EQ(make_anchors(hand, 60).vertices, anchors.vertices);
}

TEST(Anchors, KeepTheirDistanceInTheOrderOfContact) {
    const HandModel hand = make_test_hand(Side::Right);
    const Anchors anchors = make_anchors(hand, 40);
    const VecX prior = contact_prior(hand);
    EXPECT_EQ(prior[anchors.vertices[0]], prior.maxCoeff());
    double nearest = 1;
    for (std::size_t a = 0; a < anchors.vertices.size(); ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            nearest = std::min(nearest,
                               (hand.template_vertices.row(anchors.vertices[a]) -
                                hand.template_vertices.row(anchors.vertices[b]))
                                   .norm());
        }
    }
    EXPECT_GT(anchors.radius_m, 0.002);
    // Straight lines cut corners of paths over edges, but never by this much on a hand of tubes.
    EXPECT_GT(nearest, 0.3 * anchors.radius_m);
}

TEST(Anchors, ForearmAndBackTouchLess) {
    const HandModel hand = make_test_hand(Side::Right);
    const VecX prior = contact_prior(hand);
    for (std::size_t f = 0; f < hand.faces.size(); ++f) {
        if (hand.part_of_face[f] != forearm_part(Side::Right)) {
            continue;
        }
        for (const int vertex : hand.faces[f]) {
            EXPECT_LE(prior[vertex], 0.45); // border vertices belong to the palm too
        }
    }
}

TEST(Anchors, NormalsPointOutOnBothHands) {
    const HandPair hands = make_test_hand_pair();
    const Anchors anchors = make_anchors(hands.hands[0], 50);
    for (const Side side : kSides) {
        const HandModel& hand = hands[side];
        const Points normals = anchor_normals(anchors, hand.template_vertices, side);
        const Points expected = vertex_normals(hand.template_vertices, hand.faces);
        for (std::size_t a = 0; a < anchors.vertices.size(); ++a) {
            EXPECT_GT(
                normals.row(static_cast<Eigen::Index>(a)).dot(expected.row(anchors.vertices[a])),
                0.999);
        }
    }
}

} // namespace
} // namespace rih
