// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/anchors.h"

#include "renderih/base/error.h"
#include "renderih/base/temp_folder.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/testing/mano_file.h"
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

TEST(Anchors, OnAFineMeshKeepTheLargestRadiusThatLeavesThemAll) {
    const HandModel hand = make_test_hand(Side::Right);
    const VecX prior = contact_prior(hand);
    double radius = 0;
    const std::vector<int> anchors = anchors_by_radius(hand, prior, 40, &radius);
    EXPECT_EQ(anchors.size(), 40u);
    EXPECT_EQ(prior[anchors[0]], prior.maxCoeff());
    double nearest = 1;
    for (std::size_t a = 0; a < anchors.size(); ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            nearest = std::min(
                nearest,
                (hand.template_vertices.row(anchors[a]) - hand.template_vertices.row(anchors[b]))
                    .norm());
        }
    }
    EXPECT_GT(radius, 0.002);
    // Straight lines cut corners of paths over edges, but never by this much on a hand of tubes.
    EXPECT_GT(nearest, 0.3 * radius);
}

TEST(Anchors, OnACoarseMeshSkipTwoHops) {
    // A file in MANO's layout, read as a user's would be.
    const TempFolder folder;
    write_mano_npz(folder.path() / "right.npz", make_test_hand(Side::Right));
    const HandModel hand = load_hand(folder.path() / "right.npz", Side::Right);
    std::vector<std::set<int>> near(static_cast<std::size_t>(hand.vertex_count()));
    for (const auto& face : hand.faces) {
        for (const int a : face) {
            near[a].insert(face.begin(), face.end());
        }
    }
    const auto hops = [&](int a, int b) { // 0, 1, 2, or 3 for more
        if (a == b || near[a].contains(b)) {
            return a == b ? 0 : 1;
        }
        return std::any_of(
                   near[a].begin(), near[a].end(), [&](int c) { return near[c].contains(b); })
                   ? 2
                   : 3;
    };
    VecX frequency(hand.vertex_count());
    for (int v = 0; v < frequency.size(); ++v) {
        frequency[v] = (v * 7919) % 1000; // any order will do
    }
    const std::vector<bool> of_hand = hand_vertices(hand);
    const std::vector<int> anchors = anchors_by_hops(hand, frequency, 108);
    ASSERT_EQ(anchors.size(), 108u);
    EXPECT_EQ(make_anchors(hand, frequency).vertices, anchors);
    EXPECT_EQ(make_anchors(hand, frequency).radius_m, 0);
    std::size_t first_round = anchors.size();
    for (std::size_t a = 0; a < anchors.size() && first_round == anchors.size(); ++a) {
        EXPECT_TRUE(of_hand[anchors[a]]);
        for (std::size_t b = 0; b < a; ++b) {
            EXPECT_GE(hops(anchors[a], anchors[b]), 2);
            if (hops(anchors[a], anchors[b]) == 2) {
                first_round = a;
            } else if (first_round == anchors.size() && b + 1 == a) {
                EXPECT_GE(frequency[anchors[b]], frequency[anchors[a]]);
            }
        }
    }
    // The first round leaves no vertex that is more than 2 hops from all of its anchors.
    EXPECT_GT(first_round, 30u);
    for (int v = 0; v < hand.vertex_count(); ++v) {
        if (of_hand[v]) {
            EXPECT_TRUE(std::any_of(anchors.begin(), anchors.begin() + first_round, [&](int a) {
                return hops(a, v) <= 2;
            }));
        }
    }
}

TEST(Anchors, NoneToSkipGivesEveryVertexOfTheHand) {
    const HandModel hand = make_test_hand(Side::Right);
    const std::vector<bool> of_hand = hand_vertices(hand);
    EXPECT_EQ(make_anchors(hand, contact_prior(hand), 0).vertices.size(),
              static_cast<std::size_t>(std::count(of_hand.begin(), of_hand.end(), true)));
    EXPECT_THROW(make_anchors(hand, VecX::Zero(3)), UserError);
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
