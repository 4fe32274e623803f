// SPDX-License-Identifier: Apache-2.0
// Values of the energies in cases that can be worked out by hand, and the rules for anchor pairs.
#include "renderih/posing/terms/anatomy_term.h"
#include "renderih/posing/testing_pair.h"

#include <gtest/gtest.h>

namespace rih {
namespace {

using testing_pair::place;
using testing_pair::TestPair;

TEST(AnatomyTerm, IsTheSumOfSquaredExcesses) {
    TestPair pair;
    Rng rng(1, 0, "anatomy value");
    place(pair, 0.05, 0, rng);
    pair.parameters.angles = {};
    pair.parameters.angles[0][0].twist = 0.2;                 // range {0}
    pair.parameters.angles[0][1].splay = -0.1;                // no splay at middle joints
    pair.parameters.angles[1][0].bend = (70 + 10) * kDegree;  // index root ends at 70
    pair.parameters.angles[1][12].bend = (-20 - 5) * kDegree; // thumb root starts at -20
    pair.parameters.angles[1][6].splay = 29.9 * kDegree;      // pinky root up to 30
    AnatomyTerm term;
    PairGradient gradient;
    gradient.reset(pair.rig);
    const double value = term.evaluate(pose_pair(pair.rig, pair.parameters), 2, gradient);
    const double ten = 10 * kDegree, five = 5 * kDegree;
    EXPECT_NEAR(value, 0.04 + 0.01 + ten * ten + five * five, 1e-12);
    EXPECT_NEAR(gradient.d_angles[1][0].bend, 2 * 2 * ten, 1e-12);
    EXPECT_NEAR(gradient.d_angles[1][12].bend, -2 * 2 * five, 1e-12);
    EXPECT_EQ(gradient.d_angles[1][6].splay, 0);
}

TEST(AttractionTerm, PairsAreMutualNearestFacingAndNear) {
    TestPair pair;
    Rng rng(2, 0, "attraction pairs");
    place(pair, 0.03, 0, rng);
    const double radius = 0.02;
    AttractionTerm term(pair.context.anchors, {.radius = radius});
    const PairState state = pose_pair(pair.rig, pair.parameters);
    term.rebuild(state);
    ASSERT_FALSE(term.pairs().empty());
    std::array<Points, 2> normals;
    for (int h = 0; h < 2; ++h) {
        normals[h] = vertex_normals(state.hands[h].vertices, pair.hands.hands[h].faces);
    }
    double energy = 0;
    for (const AnchorPair& p : term.pairs()) {
        const Vec3 offset = state.hands[0].vertices.row(p.right_vertex) -
                            state.hands[1].vertices.row(p.left_vertex);
        EXPECT_LE(offset.norm(), radius);
        EXPECT_LT(normals[0].row(p.right_vertex).dot(normals[1].row(p.left_vertex)), 1e-9);
        EXPECT_NEAR(p.stiffness, 0.5 * std::cos(kPi * offset.norm() / radius) + 0.5, 1e-12);
        energy += 0.5 * p.stiffness * offset.squaredNorm();
        for (const int other : pair.context.anchors.vertices) {
            if (normals[0].row(p.right_vertex).dot(normals[1].row(other)) < -1e-9) {
                EXPECT_GE((state.hands[0].vertices.row(p.right_vertex) -
                           state.hands[1].vertices.row(other))
                              .norm(),
                          offset.norm() - 1e-12);
            }
        }
    }
    PairGradient gradient;
    gradient.reset(pair.rig);
    EXPECT_NEAR(term.evaluate(state, 1, gradient), energy, 1e-15);
}

TEST(AttractionTerm, NeighboursAreTheNearestOfThoseThatFaceAndAreNear) {
    TestPair pair;
    Rng rng(2, 0, "attraction neighbours");
    place(pair, 0.03, 0, rng);
    const AnchorRule rule{
        .radius = 0.03, .neighbours = 3, .max_cosine = -0.6, .stiffness = 0.6, .mean = true};
    AttractionTerm term(pair.context.anchors, rule);
    const PairState state = pose_pair(pair.rig, pair.parameters);
    term.rebuild(state);
    // By a plain sort of everything.
    std::array<Points, 2> normals;
    for (int h = 0; h < 2; ++h) {
        normals[h] = anchor_normals(pair.context.anchors, state.hands[h].vertices, kSides[h]);
    }
    const std::vector<int>& anchors = pair.context.anchors.vertices;
    std::vector<std::pair<int, int>> expected, found;
    for (std::size_t j = 0; j < anchors.size(); ++j) {
        std::vector<std::pair<double, int>> near;
        for (std::size_t i = 0; i < anchors.size(); ++i) {
            const double distance =
                (state.hands[0].vertices.row(anchors[i]) - state.hands[1].vertices.row(anchors[j]))
                    .norm();
            if (distance <= 0.03 &&
                normals[0]
                        .row(static_cast<Eigen::Index>(i))
                        .dot(normals[1].row(static_cast<Eigen::Index>(j))) < -0.6) {
                near.emplace_back(distance, anchors[i]);
            }
        }
        std::sort(near.begin(), near.end());
        for (std::size_t n = 0; n < std::min<std::size_t>(3, near.size()); ++n) {
            expected.emplace_back(near[n].second, anchors[j]);
        }
    }
    const auto count = static_cast<double>(term.pairs().size());
    for (const AnchorPair& p : term.pairs()) {
        found.emplace_back(p.right_vertex, p.left_vertex);
        const double distance = (state.hands[0].vertices.row(p.right_vertex) -
                                 state.hands[1].vertices.row(p.left_vertex))
                                    .norm();
        EXPECT_NEAR(
            p.stiffness, 0.6 / count * (0.5 * std::cos(kPi * distance / 0.03) + 0.5), 1e-12);
    }
    EXPECT_EQ(found, expected);
    EXPECT_GT(found.size(), 10u);
}

TEST(AttractionTerm, HandsFarApartHaveNoPairs) {
    TestPair pair;
    Rng rng(3, 0, "attraction far");
    place(pair, 0.5, 0, rng);
    AttractionTerm term(pair.context.anchors, {});
    term.rebuild(pose_pair(pair.rig, pair.parameters));
    EXPECT_TRUE(term.pairs().empty());
}

TEST(PenetrationTerm, IsZeroApartAndGrowsAsHandsClose) {
    TestPair pair;
    Rng rng(4, 0, "penetration value");
    double last = 0;
    for (const double height : {0.3, 0.035, 0.03, 0.025}) {
        Rng same = rng;
        place(pair, height, 0, same);
        const PairState state = pose_pair(pair.rig, pair.parameters);
        PairSurfaces surfaces(pair.context.parts, state);
        PenetrationTerm term(surfaces);
        PairGradient gradient;
        gradient.reset(pair.rig);
        const double value = term.evaluate(state, 1, gradient);
        if (height == 0.3) {
            EXPECT_EQ(value, 0);
            EXPECT_TRUE(gradient.d_vertices[0].isZero(0));
        } else {
            EXPECT_GT(value, last);
        }
        last = value;
    }
}

TEST(PenetrationTerm, MatchesTheSumOfPrintedDepthsPartByPart) {
    // Eq. 4 as printed, by a plain double loop over parts with fresh distance fields.
    TestPair pair;
    Rng rng(5, 0, "penetration twin");
    place(pair, 0.01, 0, rng);
    const PairState state = pose_pair(pair.rig, pair.parameters);
    double expected = 0;
    for (int s = 0; s < 2; ++s) {
        const Points& own = state.hands[s].vertices;
        const Points& other = state.hands[1 - s].vertices;
        for (const HandPart& solid : pair.context.parts[1 - s]) {
            TriMesh mesh{Points(static_cast<Eigen::Index>(solid.vertices.size()), 3), solid.faces};
            for (std::size_t i = 0; i < solid.vertices.size(); ++i) {
                mesh.vertices.row(static_cast<Eigen::Index>(i)) = other.row(solid.vertices[i]);
            }
            const MeshDistance distance(mesh);
            for (const HandPart& part : pair.context.parts[s]) {
                for (const int vertex : part.vertices) {
                    expected += std::max(0.0, distance.inside_distance(own.row(vertex)));
                }
            }
        }
    }
    ASSERT_GT(expected, 0);
    // Surfaces posed twice: the refit must forget the first pose.
    PairParameters elsewhere = pair.parameters;
    elsewhere.translation[0] += Vec3(0.3, -0.2, 0.1);
    PairSurfaces surfaces(pair.context.parts, pose_pair(pair.rig, elsewhere));
    surfaces.pose(state);
    PenetrationTerm term(surfaces);
    PairGradient gradient;
    gradient.reset(pair.rig);
    EXPECT_NEAR(term.evaluate(state, 1, gradient), expected, 1e-9 * expected);
}

TEST(SelfPenetrationTerm, ARestingHandDoesNotPenetrateItself) {
    TestPair pair;
    Rng rng(6, 0, "self rest");
    place(pair, 0.3, 0, rng);
    pair.parameters.angles = {};
    const PairState state = pose_pair(pair.rig, pair.parameters);
    PairSurfaces surfaces(pair.context.parts, state);
    SelfPenetrationTerm term(surfaces, pair.context.neighbours);
    PairGradient gradient;
    gradient.reset(pair.rig);
    EXPECT_LT(term.evaluate(state, 1, gradient), 1e-4);
}

TEST(PartNeighbours, AreSymmetricAndFollowTheSkeleton) {
    const TestPair pair;
    for (const PartNeighbours& neighbours : pair.context.neighbours) {
        for (int joint = 1; joint < kJointCount; ++joint) {
            EXPECT_TRUE(neighbours[kPartOfJoint[joint]][kPartOfJoint[kParents[joint]]]);
        }
        for (int i = 0; i < kPartsPerHand; ++i) {
            EXPECT_TRUE(neighbours[i][i]);
            for (int j = 0; j < kPartsPerHand; ++j) {
                EXPECT_EQ(neighbours[i][j], neighbours[j][i]);
            }
        }
        // The index's end against the palm and against the thumb's end must be watched.
        EXPECT_FALSE(neighbours[9][15]);
        EXPECT_FALSE(neighbours[9][12]);
    }
}

} // namespace
} // namespace rih
