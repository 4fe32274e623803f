// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/mesh/heavy_edge_matching.h"

#include "renderih/base/error.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace rih::learn {

namespace {

std::size_t at(int index) {
    return static_cast<std::size_t>(index);
}

struct Pair {
    double saved = 0; // of the normalised cut
    int a = 0, b = 0;
};

} // namespace

WeightedGraph make_graph(int node_count, const std::vector<WeightedEdge>& edges) {
    std::vector<std::map<int, double>> weights(at(node_count));
    for (const WeightedEdge& edge : edges) {
        if (edge.from != edge.to) {
            weights[at(edge.from)][edge.to] += edge.weight;
            weights[at(edge.to)][edge.from] += edge.weight;
        }
    }
    WeightedGraph graph;
    graph.neighbours.resize(at(node_count));
    for (std::size_t node = 0; node < weights.size(); ++node) {
        for (const auto& [other, weight] : weights[node]) {
            graph.neighbours[node].push_back({other, weight});
        }
    }
    return graph;
}

std::vector<int> match_heavy_edges(const WeightedGraph& graph, int target) {
    const int count = graph.node_count();
    std::vector<double> degree(at(count));
    std::vector<int> free_neighbours(at(count));
    std::set<std::pair<int, int>> queue; // (free neighbours, node), free nodes only
    for (int node = 0; node < count; ++node) {
        for (const WeightedGraph::Neighbour& n : graph.neighbours[at(node)]) {
            degree[at(node)] += n.weight;
        }
        free_neighbours[at(node)] = static_cast<int>(graph.neighbours[at(node)].size());
        queue.emplace(free_neighbours[at(node)], node);
    }
    std::vector<bool> taken(at(count), false);
    const auto take = [&](int node) {
        taken[at(node)] = true;
        queue.erase({free_neighbours[at(node)], node});
        for (const WeightedGraph::Neighbour& n : graph.neighbours[at(node)]) {
            if (!taken[at(n.node)]) {
                queue.erase({free_neighbours[at(n.node)], n.node});
                queue.emplace(--free_neighbours[at(n.node)], n.node);
            }
        }
    };

    std::vector<Pair> pairs;
    while (!queue.empty()) {
        const int node = queue.begin()->second;
        Pair best{-1, node, -1};
        for (const WeightedGraph::Neighbour& n : graph.neighbours[at(node)]) {
            const double saved = n.weight * (1 / degree[at(node)] + 1 / degree[at(n.node)]);
            if (!taken[at(n.node)] && saved > best.saved) {
                best = {saved, node, n.node};
            }
        }
        take(node);
        if (best.b >= 0) {
            take(best.b);
            pairs.push_back(best);
        }
    }

    const int too_many = target - (count - static_cast<int>(pairs.size()));
    if (too_many > 0) {
        std::sort(pairs.begin(), pairs.end(), [](const Pair& x, const Pair& y) {
            return std::tuple(-x.saved, x.a, x.b) < std::tuple(-y.saved, y.a, y.b);
        });
        pairs.resize(pairs.size() - std::min(at(too_many), pairs.size()));
    }
    std::vector<int> partner(at(count), -1);
    for (const Pair& pair : pairs) {
        partner[at(pair.a)] = pair.b;
        partner[at(pair.b)] = pair.a;
    }
    std::vector<int> cluster(at(count), -1);
    int clusters = 0;
    for (int node = 0; node < count; ++node) {
        if (cluster[at(node)] < 0) {
            cluster[at(node)] = clusters;
            if (partner[at(node)] >= 0) {
                cluster[at(partner[at(node)])] = clusters;
            }
            ++clusters;
        }
    }
    return cluster;
}

WeightedGraph contract(const WeightedGraph& graph, const std::vector<int>& cluster_of_node) {
    RIH_ASSERT(std::ssize(cluster_of_node) == graph.node_count(), "a cluster for each node");
    std::vector<WeightedEdge> edges;
    int clusters = 0;
    for (int node = 0; node < graph.node_count(); ++node) {
        const int cluster = cluster_of_node[at(node)];
        clusters = std::max(clusters, cluster + 1);
        for (const WeightedGraph::Neighbour& n : graph.neighbours[at(node)]) {
            if (node < n.node) {
                edges.push_back({cluster, cluster_of_node[at(n.node)], n.weight});
            }
        }
    }
    return make_graph(clusters, edges);
}

} // namespace rih::learn
