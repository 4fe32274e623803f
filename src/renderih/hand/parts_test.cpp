// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/parts.h"

#include "renderih/base/error.h"
#include "renderih/hand/testing/test_hand.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

TEST(Parts, AreClosedAndCoverTheHand) {
    for (const Side side : kSides) {
        const HandModel hand = make_test_hand(side);
        const auto parts = closed_parts(hand);
        std::size_t skin_faces = 0;
        for (const HandPart& part : parts) {
            EXPECT_TRUE(is_closed(part.faces));
            EXPECT_TRUE(std::is_sorted(part.vertices.begin(), part.vertices.end()));
            Points points(std::ssize(part.vertices), 3);
            for (std::size_t i = 0; i < part.vertices.size(); ++i) {
                points.row(static_cast<Eigen::Index>(i)) =
                    hand.template_vertices.row(part.vertices[i]);
            }
            EXPECT_GT(signed_volume({points, part.faces}), 1e-7);
            skin_faces += part.skin_faces.size();
        }
        const auto forearm =
            std::count(hand.part_of_face.begin(), hand.part_of_face.end(), forearm_part(side));
        EXPECT_EQ(skin_faces + static_cast<std::size_t>(forearm), hand.faces.size());
        // Part 9 is the index's end: the tip is in it, and the wrist's part is the largest.
        EXPECT_TRUE(std::binary_search(
            parts[9].vertices.begin(), parts[9].vertices.end(), hand.tip_vertices[1]));
        EXPECT_GT(parts[15].skin_faces.size(), 2 * parts[9].skin_faces.size());
    }
}

TEST(Parts, MissingOrOpenPartsAreNamed) {
    HandModel hand = make_test_hand();
    std::replace(hand.part_of_face.begin(), hand.part_of_face.end(), 10, 11);
    EXPECT_THROW(closed_parts(hand), UserError);
}

TEST(Parts, FromSkinWeightsAreTheBuiltOnes) {
    for (const Side side : kSides) {
        const HandModel hand = make_test_hand(side);
        EXPECT_EQ(parts_from_skin_weights(hand), hand.part_of_face);
    }
}

TEST(Parts, AVertexOfManyFacesIsNoTrap) {
    HandModel fan;
    constexpr int kRim = 100'000;
    fan.template_vertices = Points::Zero(kRim + 1, 3);
    fan.skin_weights.resize(kRim + 1, kJointCount);
    for (int v = 1; v <= kRim; ++v) { // runs of two joints by turns: each run a fan of its own
        fan.faces.push_back({0, v, v % kRim + 1});
        fan.skin_weights.insert(v, v / 4 % 2) = 1;
    }
    EXPECT_EQ(parts_from_skin_weights(fan).size(), fan.faces.size());
}

TEST(Parts, NoisyWeightsStillGiveClosedParts) {
    HandModel hand = make_test_hand();
    // One vertex in a few belongs to somebody else.
    for (int v = 0; v < hand.vertex_count(); v += 37) {
        for (decltype(hand.skin_weights)::InnerIterator it(hand.skin_weights, v); it; ++it) {
            it.valueRef() = 0;
        }
        hand.skin_weights.coeffRef(v, (v * 7) % kJointCount) = 1;
    }
    const auto clean = hand.part_of_face;
    hand.part_of_face = parts_from_skin_weights(hand);
    EXPECT_NO_THROW(closed_parts(hand));
    int different = 0;
    for (std::size_t f = 0; f < clean.size(); ++f) {
        different += clean[f] != hand.part_of_face[f];
    }
    EXPECT_LT(different, static_cast<int>(clean.size()) / 10);
}

} // namespace
} // namespace rih
