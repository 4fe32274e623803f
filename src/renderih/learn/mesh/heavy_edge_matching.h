// SPDX-License-Identifier: Apache-2.0
// One step of coarsening a graph: pairs of neighbours that belong together, and the smaller graph
// in which each pair is a node.
#pragma once

#include <vector>

namespace rih::learn {

struct WeightedEdge {
    int from = 0, to = 0;
    double weight = 1;
};

/// Undirected, without loops and parallel edges.
struct WeightedGraph {
    struct Neighbour {
        int node = 0;
        double weight = 0;
    };
    std::vector<std::vector<Neighbour>> neighbours; // [nodes], by ascending node

    int node_count() const { return static_cast<int>(neighbours.size()); }
};

/// Edges given once, in either direction; parallel ones add up, loops are left out.
WeightedGraph make_graph(int node_count, const std::vector<WeightedEdge>& edges);

/// Numbers clusters of one or two neighbouring nodes: cluster of each node, numbered in the order
/// of their first nodes. Nodes with the fewest free neighbours choose first; each takes the free
/// neighbour of largest w (1/d_a + 1/d_b), the normalised cut that the pair saves (d: a node's
/// weights summed). When that makes fewer than `target` clusters, the pairs that save least are
/// parted again; it may make more where the graph's edges allow no more pairs.
std::vector<int> match_heavy_edges(const WeightedGraph& graph, int target);

/// The graph of clusters; weights between two clusters add up.
WeightedGraph contract(const WeightedGraph& graph, const std::vector<int>& cluster_of_node);

} // namespace rih::learn
