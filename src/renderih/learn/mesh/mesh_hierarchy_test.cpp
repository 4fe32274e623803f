// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/mesh/mesh_hierarchy.h"

#include "renderih/base/error.h"
#include "renderih/geometry/test_meshes.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/testing/mano_like.h"
#include "renderih/hand/testing/test_hand.h"
#include "renderih/learn/data/hand_mesh.h"
#include "renderih/learn/mesh/example_shapes.h"
#include "renderih/learn/mesh/heavy_edge_matching.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

namespace rih::learn {
namespace {

HandModel open_hand() {
    return load_hand(std::string(std::getenv("RENDERIH_ASSETS")) + "/hand/right.npz", Side::Right);
}

/// Every vertex once at least, every slot a vertex, siblings neighbours or copies.
void expect_sound(const MeshHierarchy& hierarchy) {
    const std::set<int> vertices(hierarchy.vertex_of_slot.begin(), hierarchy.vertex_of_slot.end());
    EXPECT_EQ(std::ssize(vertices), hierarchy.vertex_count);
    EXPECT_EQ(*vertices.begin(), 0);
    EXPECT_EQ(*vertices.rbegin(), hierarchy.vertex_count - 1);
    EXPECT_EQ(std::ssize(hierarchy.vertex_of_slot),
              std::ptrdiff_t{hierarchy.coarse_count} << (hierarchy.levels() - 1));
}

TEST(HeavyEdgeMatching, TakesTheEdgeThatSavesMost) {
    // The ends of a path have the fewest neighbours and choose first: nobody stays alone.
    const WeightedGraph path = make_graph(4, {{0, 1, 1}, {1, 2, 9}, {2, 3, 1}});
    EXPECT_EQ(match_heavy_edges(path, 2), (std::vector<int>{0, 0, 1, 1}));
    // Node 0 has the fewest neighbours and takes the one it is bound to most.
    const WeightedGraph kite = make_graph(
        5, {{0, 1, 1}, {0, 2, 5}, {1, 3, 1}, {1, 4, 1}, {2, 3, 1}, {2, 4, 1}, {3, 4, 1}});
    EXPECT_EQ(match_heavy_edges(kite, 1), (std::vector<int>{0, 1, 0, 1, 2}));
    // Two pairs, one of them to be parted: the lighter one.
    const WeightedGraph pairs = make_graph(5, {{0, 1, 1}, {1, 4, 3}, {2, 3, 1}});
    EXPECT_EQ(match_heavy_edges(pairs, 4), (std::vector<int>{0, 1, 2, 2, 3}));
}

TEST(HeavyEdgeMatching, ContractionAddsWeightsUp) {
    const WeightedGraph square =
        contract(make_graph(4, {{0, 1, 1}, {1, 2, 2}, {2, 3, 3}, {3, 0, 4}}), {0, 1, 1, 0});
    ASSERT_EQ(square.node_count(), 2);
    ASSERT_EQ(square.neighbours[0].size(), 1u);
    EXPECT_EQ(square.neighbours[0][0].node, 1);
    EXPECT_EQ(square.neighbours[0][0].weight, 1 + 3);
}

TEST(MeshHierarchy, OfManosLayoutIsThePapers) {
    const HandMesh hand = hand_mesh(make_mano_like(open_hand()).hand);
    ASSERT_EQ(hand.vertex_count(), 778);
    const MeshHierarchy hierarchy = coarsen_mesh(hand.faces, hand.vertex_count(), 63);
    expect_sound(hierarchy);
    // The authors' tree of MANO has 778, 414, 219, 118 and 63 nodes in 1008, 504, 252, 126, 63
    // slots.
    EXPECT_EQ(hierarchy.levels(), 5);
    EXPECT_EQ(hierarchy.slots(0), 63);
    EXPECT_EQ(hierarchy.slots(1), 126);
    EXPECT_EQ(hierarchy.slots(2), 252);
    EXPECT_EQ(hierarchy.vertex_of_slot.size(), 1008u);
    EXPECT_EQ(hierarchy.node_counts, (std::vector<int>{778, 415, 221, 118, 63}));
}

TEST(MeshHierarchy, OfTheOpenHandHasTheSameDecoderLevels) {
    const HandModel model = open_hand();
    const HandMesh hand = hand_mesh(model);
    const MeshHierarchy hierarchy = coarsen_mesh(hand.faces, hand.vertex_count(), 63);
    expect_sound(hierarchy);
    EXPECT_EQ(hierarchy.coarse_count, 63);
    const HandMesh left = hand_mesh(mirror(model));
    EXPECT_EQ(hash_of(coarsen_mesh(left.faces, left.vertex_count(), 63)), hash_of(hierarchy));
}

TEST(MeshHierarchy, NodesAreConnectedPiecesOfTheSurface) {
    const HandMesh hand = hand_mesh(open_hand());
    const MeshHierarchy hierarchy = coarsen_mesh(hand.faces, hand.vertex_count(), 63);
    std::vector<std::set<int>> links(static_cast<std::size_t>(hand.vertex_count()));
    for (const std::array<int, 3>& face : hand.faces) {
        for (std::size_t c = 0; c < 3; ++c) {
            links[static_cast<std::size_t>(face[c])].insert(face[(c + 1) % 3]);
            links[static_cast<std::size_t>(face[(c + 1) % 3])].insert(face[c]);
        }
    }
    const auto below = std::ssize(hierarchy.vertex_of_slot) / hierarchy.coarse_count;
    for (auto first = hierarchy.vertex_of_slot.begin(); first != hierarchy.vertex_of_slot.end();
         first += below) {
        const std::set<int> node(first, first + below);
        std::set<int> reached{*node.begin()};
        std::vector<int> stack{*node.begin()};
        while (!stack.empty()) {
            const int vertex = stack.back();
            stack.pop_back();
            for (const int other : links[static_cast<std::size_t>(vertex)]) {
                if (node.count(other) && reached.insert(other).second) {
                    stack.push_back(other);
                }
            }
        }
        EXPECT_EQ(reached, node);
    }
}

TEST(MeshHierarchy, AveragesOfHalvesAreTheAverageOfTheWhole) {
    const HandMesh hand = hand_mesh(open_hand());
    const MeshHierarchy hierarchy = coarsen_mesh(hand.faces, hand.vertex_count(), 63);
    const Points coarse = averaging_matrix(hierarchy, 0) * hand.template_vertices;
    const Points fine = averaging_matrix(hierarchy, 1) * hand.template_vertices;
    for (Eigen::Index i = 0; i < coarse.rows(); ++i) {
        EXPECT_LT((coarse.row(i) - (fine.row(2 * i) + fine.row(2 * i + 1)) / 2).norm(), 1e-12);
    }
}

TEST(MeshHierarchy, OfOtherMeshes) {
    const TriMesh sphere = testing::make_sphere(0.05, 3);
    const int count = static_cast<int>(sphere.vertices.rows());
    const MeshHierarchy hierarchy = coarsen_mesh(sphere.faces, count, 20);
    expect_sound(hierarchy);
    EXPECT_EQ(hierarchy.coarse_count, 20);
    // 40 triangles that nothing joins cannot be paired across: one node each at the least.
    Triangles apart;
    for (int i = 0; i < 40; ++i) {
        apart.push_back({3 * i, 3 * i + 1, 3 * i + 2});
    }
    EXPECT_EQ(coarsen_mesh(apart, 120, 10).coarse_count, 40);
    EXPECT_THROW(coarsen_mesh(apart, 119, 10), UserError);
    EXPECT_THROW(coarsen_mesh(apart, 120, 121), UserError);
}

TEST(Upsampling, ReproducesPosedHandsFromTheirCoarseMeshes) {
    const HandModel model = open_hand();
    const HandMesh hand = hand_mesh(model);
    const MeshHierarchy hierarchy = coarsen_mesh(hand.faces, hand.vertex_count(), 63);
    const auto up = upsampling_matrix(hierarchy, 2, example_shapes(model, hand, 1, 64), hand.faces);
    const auto down = averaging_matrix(hierarchy, 2);
    EXPECT_LT((up * VecX::Ones(252) - VecX::Ones(hand.vertex_count())).cwiseAbs().maxCoeff(), 1e-9);

    double total = 0, worst = 0;
    const std::vector<Points> unseen = example_shapes(model, hand, 2, 8);
    for (const Points& posed : unseen) {
        const VecX errors = (Points(up * (down * posed)) - posed).rowwise().norm();
        total += errors.mean() / static_cast<double>(unseen.size());
        worst = std::max(worst, errors.maxCoeff());
    }
    RecordProperty("mean_mm", std::to_string(1000 * total));
    RecordProperty("worst_mm", std::to_string(1000 * worst));
    EXPECT_LT(total, 0.0002);
    EXPECT_LT(worst, 0.004);
    // What is off in the coarse mesh must not grow on the way up.
    double gain = 0;
    for (int vertex = 0; vertex < up.rows(); ++vertex) {
        gain = std::max(gain, up.row(vertex).norm());
    }
    RecordProperty("gain", std::to_string(gain));
    EXPECT_LT(gain, 2);
}

} // namespace
} // namespace rih::learn
