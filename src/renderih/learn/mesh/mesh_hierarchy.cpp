// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/mesh/mesh_hierarchy.h"

#include "renderih/base/error.h"
#include "renderih/base/sha256.h"
#include "renderih/learn/mesh/heavy_edge_matching.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace rih::learn {

namespace {

WeightedGraph graph_of(const Triangles& faces, int vertex_count) {
    std::vector<WeightedEdge> edges;
    edges.reserve(faces.size() * 3);
    for (const std::array<int, 3>& face : faces) {
        for (int corner = 0; corner < 3; ++corner) {
            const int a = face[static_cast<std::size_t>(corner)];
            const int b = face[static_cast<std::size_t>((corner + 1) % 3)];
            RIH_REQUIRE(a >= 0 && a < vertex_count && b >= 0 && b < vertex_count,
                        "mesh: a face names vertex {}, of {} there are",
                        std::max(a, b),
                        vertex_count);
            edges.push_back({std::min(a, b), std::max(a, b), 1});
        }
    }
    // Both faces of an edge name it; every edge counts once.
    std::sort(edges.begin(), edges.end(), [](const WeightedEdge& a, const WeightedEdge& b) {
        return std::pair(a.from, a.to) < std::pair(b.from, b.to);
    });
    edges.erase(std::unique(edges.begin(),
                            edges.end(),
                            [](const WeightedEdge& a, const WeightedEdge& b) {
                                return a.from == b.from && a.to == b.to;
                            }),
                edges.end());
    return make_graph(vertex_count, edges);
}

/// Steps of halving from `fine` to `coarse`: the fewest that suffice.
int halvings(int fine, int coarse) {
    int steps = 0;
    while ((static_cast<long long>(coarse) << steps) < fine) {
        ++steps;
    }
    return steps;
}

} // namespace

MeshHierarchy coarsen_mesh(const Triangles& faces, int vertex_count, int coarse_count) {
    RIH_REQUIRE(coarse_count >= 1 && vertex_count >= coarse_count,
                "mesh: {} vertices cannot be coarsened to {}",
                vertex_count,
                coarse_count);
    MeshHierarchy hierarchy;
    hierarchy.vertex_count = vertex_count;
    hierarchy.node_counts.push_back(vertex_count);
    const int steps = halvings(vertex_count, coarse_count);

    WeightedGraph graph = graph_of(faces, vertex_count);
    std::vector<std::vector<int>> parents; // finest first: node -> node of the next level
    for (int step = 1; step <= steps; ++step) {
        // Every step shrinks by the same ratio, which is at least one half.
        const double target = vertex_count * std::pow(double(coarse_count) / vertex_count,
                                                      static_cast<double>(step) / steps);
        parents.push_back(match_heavy_edges(graph, static_cast<int>(std::lround(target))));
        graph = contract(graph, parents.back());
        hierarchy.node_counts.push_back(graph.node_count());
    }
    hierarchy.coarse_count = graph.node_count();

    // From the top down: the nodes of each level in the order of slots.
    std::vector<int> slots(static_cast<std::size_t>(hierarchy.coarse_count));
    for (std::size_t i = 0; i < slots.size(); ++i) {
        slots[i] = static_cast<int>(i);
    }
    for (auto level = parents.rbegin(); level != parents.rend(); ++level) {
        std::vector<std::array<int, 2>> children(
            static_cast<std::size_t>(*std::max_element(level->begin(), level->end()) + 1),
            {-1, -1});
        for (std::size_t node = 0; node < level->size(); ++node) {
            std::array<int, 2>& pair = children[static_cast<std::size_t>((*level)[node])];
            pair[0] < 0 ? pair.fill(static_cast<int>(node))
                        : void(pair[1] = static_cast<int>(node));
        }
        std::vector<int> finer;
        finer.reserve(slots.size() * 2);
        for (const int node : slots) {
            const std::array<int, 2>& pair = children[static_cast<std::size_t>(node)];
            finer.insert(finer.end(), pair.begin(), pair.end());
        }
        slots = std::move(finer);
    }
    hierarchy.vertex_of_slot = std::move(slots);
    return hierarchy;
}

Eigen::SparseMatrix<double, Eigen::RowMajor> averaging_matrix(const MeshHierarchy& hierarchy,
                                                              int level) {
    RIH_ASSERT(level >= 0 && level < hierarchy.levels(), "level {}", level);
    const int rows = hierarchy.slots(level);
    const int below = static_cast<int>(hierarchy.vertex_of_slot.size()) / rows;
    std::vector<Eigen::Triplet<double>> entries;
    entries.reserve(hierarchy.vertex_of_slot.size());
    for (std::size_t slot = 0; slot < hierarchy.vertex_of_slot.size(); ++slot) {
        entries.emplace_back(
            static_cast<int>(slot) / below, hierarchy.vertex_of_slot[slot], 1.0 / below);
    }
    Eigen::SparseMatrix<double, Eigen::RowMajor> matrix(rows, hierarchy.vertex_count);
    matrix.setFromTriplets(entries.begin(), entries.end()); // repeated entries add up
    return matrix;
}

std::string hash_of(const MeshHierarchy& hierarchy) {
    std::string text = fmt::format("{} {}", hierarchy.vertex_count, hierarchy.coarse_count);
    for (const int vertex : hierarchy.vertex_of_slot) {
        text += fmt::format(" {}", vertex);
    }
    return sha256_hex(text);
}

} // namespace rih::learn
